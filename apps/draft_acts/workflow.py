"""The way of a draft act. Stages inside the consultation are computed from its reviews, not written here."""

from apps.core.workflow import Step, Workflow

from .enums import ActState as S

WORKFLOW = Workflow(
    [
        Step("register", frozenset({S.PREPARING}), S.REGISTERED),
        Step("register_out_of_scope", frozenset({S.PREPARING}), S.OUT_OF_SCOPE),
        Step("open_consultation", frozenset({S.REGISTERED}), S.IN_CONSULTATION),
        Step("certify", frozenset({S.IN_CONSULTATION}), S.CERTIFIED),
        Step("submit", frozenset({S.CERTIFIED, S.RETURNED}), S.SUBMITTED),
        Step("return", frozenset({S.SUBMITTED}), S.RETURNED),
        Step("adopt", frozenset({S.SUBMITTED}), S.ADOPTED),
        Step("reject", frozenset({S.SUBMITTED}), S.REJECTED),
        Step(
            "withdraw", frozenset({S.REGISTERED, S.OUT_OF_SCOPE, S.IN_CONSULTATION, S.CERTIFIED}), S.WITHDRAWN
        ),
    ]
)
