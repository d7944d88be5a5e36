"""The rows of consultations, a file a subject."""

from .closing import ClosingNote, ExpiryDecision
from .merging import MergeChoice, MergedProvision
from .opinions import ConsolidatedOpinion, PaperOpinion, PaperOpinionQuerySet, Receipt, ReviewOpinion
from .places import RemarkPlace
from .remarks import Remark, RemarkAnswer, RemarkQuerySet, Reply
from .requests import IdempotencyRecord
from .rounds import Consultation, LeftOut, Review, ReviewQuerySet
from .terms import Reminder, SilenceRecord, Term, TermMove

__all__ = [
    "ClosingNote",
    "ConsolidatedOpinion",
    "Consultation",
    "ExpiryDecision",
    "IdempotencyRecord",
    "LeftOut",
    "MergeChoice",
    "MergedProvision",
    "PaperOpinion",
    "PaperOpinionQuerySet",
    "Receipt",
    "Remark",
    "RemarkAnswer",
    "RemarkPlace",
    "RemarkQuerySet",
    "Reminder",
    "Reply",
    "Review",
    "ReviewOpinion",
    "ReviewQuerySet",
    "SilenceRecord",
    "Term",
    "TermMove",
]
