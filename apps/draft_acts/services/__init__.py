"""All writes of draft acts: preparing, texts, papers, registration, versions."""

from ._common import VersionFrozen
from .functions import remove_function, save_function, state_no_function
from .mending import TooManySteps, mend_text, undo_mending
from .norms import NormsAreSettled, add_norm, decide_norms
from .packages import (
    NotABill,
    PackageIsFrozen,
    add_bylaw,
    freeze_package,
    make_package,
    remove_bylaw,
    tie_norm,
)
from .papers import add_attachment, remove_attachment
from .preparing import create_act, delete_act, save_act
from .registration import advance, register, withdraw
from .restrictions import PaperIsOpen, open_paper, restrict_paper
from .texts import confirm_text, upload_text
from .versions import discard_version, new_version, publish_version

__all__ = [
    "NormsAreSettled",
    "NotABill",
    "PackageIsFrozen",
    "PaperIsOpen",
    "TooManySteps",
    "VersionFrozen",
    "add_attachment",
    "add_bylaw",
    "add_norm",
    "advance",
    "confirm_text",
    "create_act",
    "decide_norms",
    "delete_act",
    "discard_version",
    "freeze_package",
    "make_package",
    "mend_text",
    "new_version",
    "open_paper",
    "publish_version",
    "register",
    "remove_attachment",
    "remove_bylaw",
    "remove_function",
    "restrict_paper",
    "save_act",
    "save_function",
    "state_no_function",
    "tie_norm",
    "undo_mending",
    "upload_text",
    "withdraw",
]
