"""All writes of draft acts: preparing, texts, papers, registration, versions."""

from .mending import TooManySteps, mend_text, undo_mending
from .papers import add_attachment, remove_attachment
from .preparing import create_act, delete_act, save_act
from .registration import advance, register, withdraw
from .restrictions import PaperIsOpen, open_paper, restrict_paper
from .texts import confirm_text, upload_text
from .versions import discard_version, new_version, publish_version

__all__ = [
    "PaperIsOpen",
    "TooManySteps",
    "add_attachment",
    "advance",
    "confirm_text",
    "create_act",
    "delete_act",
    "discard_version",
    "mend_text",
    "new_version",
    "open_paper",
    "publish_version",
    "register",
    "remove_attachment",
    "restrict_paper",
    "save_act",
    "undo_mending",
    "upload_text",
    "withdraw",
]
