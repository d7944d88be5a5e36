"""All writes of draft acts: preparing, texts, papers, registration, versions."""

from ._common import VersionFrozen
from .functions import remove_function, save_function, state_no_function
from .mending import TooManySteps, mend_text, undo_mending
from .merged import MadeText, ReadOtherwise, doubt_text, make_text, put_made_text, says_the_same
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
    "MadeText",
    "NormsAreSettled",
    "NotABill",
    "PackageIsFrozen",
    "PaperIsOpen",
    "ReadOtherwise",
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
    "doubt_text",
    "freeze_package",
    "make_package",
    "make_text",
    "mend_text",
    "new_version",
    "open_paper",
    "publish_version",
    "put_made_text",
    "register",
    "remove_attachment",
    "remove_bylaw",
    "remove_function",
    "restrict_paper",
    "save_act",
    "save_function",
    "says_the_same",
    "state_no_function",
    "tie_norm",
    "undo_mending",
    "upload_text",
    "withdraw",
]
