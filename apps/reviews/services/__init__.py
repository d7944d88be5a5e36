"""All writes of the consultation, a use-case each."""

from .answers import (
    NoLateAnswer,
    RemarkUnanswered,
    save_answer,
    save_late_answer,
    send_answers,
    send_late_answers,
    withdraw_remark,
)
from .delivery import acknowledge, acknowledge_by_reading
from .expiry import decide_expiry, longest_new_term
from .filing import NotHandedOver, submit_opinion
from .idempotency import KeyReused, with_idempotency
from .merging import DraftHasOtherText, NotSettled, make_next_draft, save_merged
from .opening import open_consultation
from .opinions import (
    AlreadyFiled,
    AlreadyHandedOver,
    delete_remark,
    mark_ready,
    recall,
    save_opinion,
    save_remark,
    start_opinion,
)
from .outages import decide_outage
from .papers import (
    PaperIsDecided,
    PaperIsOpen,
    PaperIsSent,
    confirm_paper,
    delete_paper_remark,
    discard_paper,
    dispute_paper,
    save_paper,
    save_paper_remark,
    send_paper,
)
from .places import AnswersOutstanding, begin_version, is_answered, publish_version, settle_place
from .reminding import remind
from .replies import AnswerWithoutReply, save_reply, send_replies
from .silence import establish_due, establish_tacit, lock_reviews
from .terms import start_term, take_up
from .unsaid import record_silences

__all__ = [
    "AlreadyFiled",
    "AlreadyHandedOver",
    "AnswerWithoutReply",
    "AnswersOutstanding",
    "DraftHasOtherText",
    "KeyReused",
    "NoLateAnswer",
    "NotHandedOver",
    "NotSettled",
    "PaperIsDecided",
    "PaperIsOpen",
    "PaperIsSent",
    "RemarkUnanswered",
    "acknowledge",
    "acknowledge_by_reading",
    "begin_version",
    "confirm_paper",
    "decide_expiry",
    "decide_outage",
    "delete_paper_remark",
    "delete_remark",
    "discard_paper",
    "dispute_paper",
    "establish_due",
    "establish_tacit",
    "is_answered",
    "lock_reviews",
    "longest_new_term",
    "make_next_draft",
    "mark_ready",
    "open_consultation",
    "publish_version",
    "recall",
    "record_silences",
    "remind",
    "save_answer",
    "save_late_answer",
    "save_merged",
    "save_opinion",
    "save_paper",
    "save_paper_remark",
    "save_remark",
    "save_reply",
    "send_answers",
    "send_late_answers",
    "send_paper",
    "send_replies",
    "settle_place",
    "start_opinion",
    "start_term",
    "submit_opinion",
    "take_up",
    "with_idempotency",
    "withdraw_remark",
]
