"""The way of one review. Its stage is computed from facts and time by `stage_of` and never stored;
the table says which step is open at which stage.
"""

from apps.core.workflow import Step, Workflow

from .enums import ReviewStage as S

# Nothing was filed in time: an opinion may still be written, and is stored whenever it comes.
UNFILED = frozenset({S.DELIVERY, S.OPINION, S.EXPIRED, S.EXPIRY_ESTABLISHED})

WORKFLOW = Workflow(
    [
        Step("acknowledge", frozenset({S.DELIVERY}), S.OPINION),
        Step("write_opinion", UNFILED, S.OPINION),
        Step("submit_opinion", UNFILED, S.ANSWERS),  # late ones stay where they are: see services.filing
        Step("decide_expiry", frozenset({S.EXPIRED}), S.EXPIRY_ESTABLISHED),
        Step("answer", frozenset({S.ANSWERS}), S.ANSWERS),
        Step("send_answers", frozenset({S.ANSWERS}), S.REPLIES),
        Step("reply", frozenset({S.REPLIES}), S.REPLIES),
        Step("send_replies", frozenset({S.REPLIES}), S.PROTOCOL),
        Step("withdraw_remark", frozenset({S.ANSWERS, S.REPLIES}), S.REPLIES),
        Step("withdraw_at_meeting", frozenset({S.CONCILIATION}), S.CONCILIATION),
    ]
)


def stage_of(
    *,
    filed: bool,
    has_remarks: bool,
    answers_sent: bool,
    replies_sent: bool,
    maintained: bool,
    expired: bool,
    effect_established: bool,
    delivered: bool,
) -> S:
    """The stage of a review from its facts. `maintained`: a sent reply maintains an objection not withdrawn."""
    if filed:
        if not has_remarks:
            return S.ENDED_WITHOUT_REMARKS
        if not answers_sent:
            return S.ANSWERS
        if not replies_sent:
            return S.REPLIES
        return S.CONCILIATION if maintained else S.PROTOCOL
    if expired:
        return S.EXPIRY_ESTABLISHED if effect_established else S.EXPIRED
    return S.OPINION if delivered else S.DELIVERY
