"""Draft acts, their versions and texts; what the portal finds in a text; packages; function cards."""

from .acts import (
    Attachment,
    DraftAct,
    DraftActQuerySet,
    DraftActVersion,
    MendingStep,
    PaperRestriction,
    Provision,
    VersionComparison,
    VersionText,
)
from .functions import CardFunction, NoFunction
from .norms import ReferenceNorm
from .packages import ActPackage, PackageMember
from .scope import ScopeStatement

__all__ = [
    "ActPackage",
    "Attachment",
    "CardFunction",
    "DraftAct",
    "DraftActQuerySet",
    "DraftActVersion",
    "MendingStep",
    "NoFunction",
    "PackageMember",
    "PaperRestriction",
    "Provision",
    "ReferenceNorm",
    "ScopeStatement",
    "VersionComparison",
    "VersionText",
]
