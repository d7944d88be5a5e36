"""A small protocol to render, and the moment it is made."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.documents import assembly, registry, rendering, signing
from apps.documents.canonical import canonical_bytes, sha256_hex
from apps.documents.enums import DocumentKind, Side
from apps.documents.registry import DocumentSpec, SignatureLine

AT = datetime(2026, 12, 18, 9, 30, tzinfo=UTC)
KYRGYZ = "Айыл өкмөтү жөнүндө: ң ө ү Ң Ө Ү. Өңүр, үңкүр, ҮҢҮЛҮҮ, жергиликтүү кеңештер, көңүл, ӨҢДҮҮ."
RUSSIAN = "Проект Закона «О внесении изменений в Водный кодекс»: объём, подъезд, ёмкость."
CONTENT = canonical_bytes({"kind": "PA", "number": "PA-2026-0001", "points": [{"ky": KYRGYZ, "ru": RUSSIAN}]})


@pytest.fixture(autouse=True)
def _test_templates(settings: Any) -> None:
    """Templates of these tests beside those of the portal."""
    first = {
        **settings.TEMPLATES[0],
        "DIRS": [*settings.TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"],
    }
    settings.TEMPLATES = [first]


@pytest.fixture
def at() -> datetime:
    return AT


def protocol_spec(**changes: Any) -> DocumentSpec:
    """A protocol of agreement with one point and two signatures."""
    digest = sha256_hex(CONTENT)
    values: dict[str, Any] = {
        "template": "test_protocol.html",
        "context": {"ky": KYRGYZ, "ru": RUSSIAN, "rows": range(1, 4)},
        "number": "PA-2026-0001",
        "title_ky": "Макулдашуу протоколу",
        "title_ru": "Протокол согласования",
        "canonical": CONTENT,
        "verify_url": f"{settings.SITE_URL}/verify/PA-2026-0001",
        "signatures": [
            SignatureLine(
                "Гүлнара Асанова",
                "Министр",
                "Министр",
                "Суу министрлиги",
                "Министерство воды",
                Side.STATE,
                AT,
                content_hash=digest,
            ),
            SignatureLine(
                "Үсөн Өмүров",
                "Төрага",
                "Председатель",
                "ЖӨБ союзу",
                "Союз МСУ",
                Side.COMMUNITIES,
                AT,
                content_hash=digest,
            ),
        ],
    }
    return DocumentSpec(**{**values, **changes})


def unsealed(spec: DocumentSpec, *, kind: str = "PA", **more: Any) -> bytes:
    html = assembly.build_html(spec, kind=kind, content=spec.canonical, at=AT)
    title = f"{spec.number} · {spec.title_ky} · {spec.title_ru}"
    return rendering.render_pdf(
        html,
        metadata=rendering.PdfMetadata(title=title, at=AT),
        attachments=assembly.attachments_of(spec, kind=kind, content=spec.canonical),
        demo=spec.demo,
        **more,
    )


@pytest.fixture(scope="session")
def protocol_pdf(django_test_environment: None) -> bytes:
    """The unsealed protocol, set once for all tests that only read it."""
    from django.test import override_settings

    first = {
        **settings.TEMPLATES[0],
        "DIRS": [*settings.TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"],
    }
    with override_settings(TEMPLATES=[first]):
        return unsealed(protocol_spec())


@pytest.fixture(scope="session")
def sealed_pdf(protocol_pdf: bytes) -> bytes:
    return signing.seal(protocol_pdf, reason="PA-2026-0001", at=AT)


@pytest.fixture
def builders(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[int], DocumentSpec]]:
    """The registry, empty, for tests that put their own builders in."""
    own: dict[str, Callable[[int], DocumentSpec]] = {}
    monkeypatch.setattr(registry, "_builders", own)
    return own


@pytest.fixture
def protocol_builder(builders: dict[str, Any]) -> list[int]:
    """A builder of protocols; the list tells how often it was asked."""
    calls: list[int] = []

    def build(source_id: int) -> DocumentSpec:
        calls.append(source_id)
        return protocol_spec()

    builders[DocumentKind.PROTOCOL_OF_AGREEMENT] = build
    return calls
