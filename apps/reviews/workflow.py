"""The way of one review. Its stage is computed from facts and time by `stage_of` and never stored;
the table says which step is open at which stage.
"""

from apps.core.workflow import Step, Workflow

from .enums import ReviewStage as S

# Nothing was filed in time: an opinion may still be written, and is stored whenever it comes.
UNFILED = frozenset({S.DELIVERY, S.OPINION, S.EXPIRED, S.EXPIRY_ESTABLISHED})

# Somebody still has to speak about the text that lies before them: no later text meanwhile.
UNANSWERED = frozenset({S.DELIVERY, S.OPINION, S.EXPIRED, S.ANSWERS, S.UNANSWERED})

WORKFLOW = Workflow(
    [
        Step("acknowledge", frozenset({S.DELIVERY}), S.OPINION),
        Step("write_opinion", UNFILED, S.OPINION),
        Step("submit_opinion", UNFILED, S.ANSWERS),  # late ones stay where they are: see services.filing
        Step("decide_expiry", frozenset({S.EXPIRED}), S.EXPIRY_ESTABLISHED),
        # Late answers are taken until a meeting is recorded.
        Step("answer", frozenset({S.ANSWERS, S.UNANSWERED}), S.ANSWERS),
        Step("send_answers", frozenset({S.ANSWERS, S.UNANSWERED}), S.REPLIES),
        # A late opinion undoes no expiry; its remarks may be answered, nothing asks for it.
        Step("answer_late", frozenset({S.EXPIRED, S.EXPIRY_ESTABLISHED}), S.EXPIRED),
        Step("reply", frozenset({S.REPLIES}), S.REPLIES),
        Step("send_replies", frozenset({S.REPLIES}), S.PROTOCOL),
        Step("meet", frozenset({S.UNANSWERED, S.CONCILIATION}), S.CONCILIATION),
        Step("withdraw_remark", frozenset({S.ANSWERS, S.UNANSWERED, S.REPLIES}), S.REPLIES),
        Step("withdraw_at_meeting", frozenset({S.CONCILIATION}), S.CONCILIATION),
    ]
)


def stage_of(
    *,
    filed: bool,
    has_remarks: bool,
    answers_sent: bool,
    answers_over: bool,
    replies_sent: bool,
    replies_over: bool,
    taken_up: bool,
    disputed: bool,
    expired: bool,
    effect_established: bool,
    delivered: bool,
) -> S:
    """The stage of a review from its facts.

    `answers_over`, `replies_over`: their terms have ended. `taken_up`: a meeting is recorded, or the protocol fixed.
    `disputed`: something is for a meeting, by what was said or, once a term is over, by silence (see
    models.RemarkQuerySet.disputed_in).
    """
    if filed:
        if not has_remarks:
            return S.ENDED_WITHOUT_REMARKS
        if not answers_sent:
            if not taken_up:
                if not answers_over:
                    return S.ANSWERS
                if disputed:
                    return S.UNANSWERED
        elif not replies_sent and not replies_over and not taken_up:
            return S.REPLIES
        return S.CONCILIATION if disputed else S.PROTOCOL
    if expired:
        return S.EXPIRY_ESTABLISHED if effect_established else S.EXPIRED
    return S.OPINION if delivered else S.DELIVERY
