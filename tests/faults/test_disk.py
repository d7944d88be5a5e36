"""The disk is full while a file comes in: nothing half is kept, what was typed comes back, the next try succeeds.

Seen red with: `storages.put` leaving behind what it began aside; `store_file` letting the OSError through.
"""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.deadlines.enums import Paper
from apps.documents.models import StoredFile
from apps.draft_acts.models import Attachment, DraftAct, VersionText
from tests.faults import hostile
from tests.faults.test_bad_uploads import _now, act, client, drafter, kept
from tests.way import people

__all__ = ["_now", "act", "client", "drafter", "people"]
TITLE = "Негиздеме жана эсептөөлөр"
TEXT = "1-берене. Жергиликтүү бюджет.\n" * 500


@pytest.mark.parametrize("page", ["text", "paper"])
def test_a_full_disk_keeps_nothing_half_and_gives_back_what_was_typed(
    page: str, client: Client, act: DraftAct
) -> None:
    with override("ky"):
        address = (
            reverse("act_text_upload", args=[act.token, "ky"])
            if page == "text"
            else reverse("act_attachment_add", args=[act.token])
        )
    rest = {} if page == "text" else {"paper": Paper.EXPLANATORY_NOTE, "title": TITLE}
    before = kept()

    def send() -> Any:
        return client.post(address, {**rest, "file": SimpleUploadedFile("a.txt", (page + TEXT).encode())})

    with hostile.files_up_to(len(TEXT) // 2):
        answer = send()

    said = answer.content.decode()
    assert (answer.status_code, answer["X-Error-Code"]) == (503, "file_not_kept")
    assert page == "text" or TITLE in said
    assert kept() == before
    assert (StoredFile.objects.count(), Attachment.objects.count(), VersionText.objects.count()) == (0, 0, 0)
    assert send().status_code == 302
    assert len(kept() - before) == 1
