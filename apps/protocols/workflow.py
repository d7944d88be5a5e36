"""The way of a protocol: fixed by the ministry, signed by both; an abandoned one stays as annulled."""

from apps.core.workflow import Step, Workflow

from .enums import ProtocolState as S

WORKFLOW = Workflow(
    [
        Step("sign_last", frozenset({S.FIXED}), S.SIGNED),
        Step("annul", frozenset({S.FIXED}), S.ANNULLED),
    ]
)
