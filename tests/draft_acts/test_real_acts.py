"""Real acts in full, as Word documents, through the pages and the real reading process."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.draft_acts import search, selectors, services
from apps.draft_acts.models import DraftAct
from apps.legal_text.docx_write import write_docx

from .conftest import AT, TITLES, YES, client_of

ACTS = Path(__file__).resolve().parents[1] / "data" / "acts"
FILES = {
    "ky": "07_ky_myizam_2018-02-15_N21_zhob_ozgortuu.txt",
    "ru": "01_ru_byudzhetnyi_kodeks_2016-59_red2025-04-29.txt",
}
GUARD = 20  # seconds: only against a page that has become endless


@pytest.mark.slow
def test_a_whole_code_is_uploaded_checked_registered_and_found(
    child: None, cast: SimpleNamespace, act: DraftAct
) -> None:
    drafter = client_of(cast.drafter)
    services.save_act(actor=cast.drafter, act_id=act.pk, edit_version=1, fields=TITLES, at=AT)
    started = time.perf_counter()
    for language, name in FILES.items():
        data = write_docx("", (ACTS / name).read_text(encoding="utf-8").split("\n"))
        upload = SimpleUploadedFile(f"{language}.docx", data)
        answer = drafter.post(reverse("act_text_upload", args=[act.token, language]), {"file": upload})
        assert drafter.get(answer["Location"]).status_code == 200
        drafter.post(reverse("act_text_confirm", args=[act.token, language]))
    registered = services.register(actor=cast.signatory, act_id=act.pk, scope=YES, at=AT)
    took = time.perf_counter() - started

    size = selectors.text_size(selectors.current_version(registered))
    assert size.articles > 100
    assert size.characters > 150_000
    assert list(search.query(DraftAct.objects.public(), "выравнивающих трансфертов")) == [registered]
    assert took < GUARD
