"""A signatory with a keyboard answers "no" against the evidence: asked for the reason, nothing lost, then signed."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections

from apps.draft_acts.models import DraftAct, ScopeStatement
from tests.browser.keyboard import Keyboard

from .test_browser import browser, look, page_of  # noqa: F401 the browser is a fixture
from .test_evidence import telling  # noqa: F401 a fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

REASON = "Трансферттердин өлчөмү өзгөрбөйт."
SIGN = "main form:has([name=touches_lsg]) button[type=submit]"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_reason_is_typed_where_the_texts_speak_against_a_no(
    browser: Any,  # noqa: F811
    live_server: Any,
    cast: SimpleNamespace,
    telling: DraftAct,  # noqa: F811
    width: int,
) -> None:
    findings: list[str] = []
    for language in ("ru", "en", "ky"):
        page = page_of(browser, cast.signatory, live_server, width, findings)
        look(page, f"/{language}/acts/prepare/{telling.token}/register/", width, findings)
    page.emulate_media(reduced_motion="reduce")  # else the page is still on its way to what has the focus
    keys = Keyboard(page, findings, lambda page: None)
    keys.press("[data-evidence=concerns_lsg] summary")
    assert page.locator("[data-evidence=concerns_lsg] details a").first.is_visible()
    keys.choose("touches_lsg", "yes")
    keys.type("textarea[name=where]", "1-берене")
    keys.choose("touches_inter_budget", "no")
    keys.choose("touches_delegated_powers", "yes")

    keys.follow(SIGN)
    refused = page.locator(".ds-error-summary a").all_inner_texts()
    kept = page.locator("textarea[name=where]").input_value()
    keys.type("textarea[name=reason_inter_budget]", REASON)
    keys.follow(SIGN)

    assert len(refused) == 1
    assert "бюджеттер аралык" in refused[0]
    assert kept == "1-берене"
    assert ScopeStatement.objects.get(act=telling).reason_inter_budget == REASON
    telling.refresh_from_db()
    for language in ("ky", "ru", "en"):
        look(page, f"/{language}/acts/{telling.number}/", width, findings)
        assert REASON in page.locator("section:has(> #scope)").inner_text().replace("\u00a0", " ")
    connections.close_all()
    assert [found for found in findings if "status of 400" not in found] == []  # the refusal itself
