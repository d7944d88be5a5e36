"""A workflow is a table a lawyer can read: action, from where, to where, by which norm."""

from collections.abc import Sequence
from dataclasses import dataclass

from .errors import TransitionNotAllowed


@dataclass(frozen=True)
class Step:
    action: str
    sources: frozenset[str]
    target: str
    norm: str = ""  # the article of the law; empty where it is not known: nobody invents one


class Workflow:
    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = {step.action: step for step in steps}

    def target(self, action: str, state: str) -> str:
        """The state that `action` leads to from `state`; raises TransitionNotAllowed."""
        step = self.steps[action]
        if state not in step.sources:
            raise TransitionNotAllowed()
        return step.target

    def allows(self, action: str, state: str) -> bool:
        return state in self.steps[action].sources
