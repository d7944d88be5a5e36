"""The protocol of about three pages, made and sealed in a warm process, against its HTML alone in the same process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import bootstrap

from . import row

PAGES = 3


def measure(*, seconds: float) -> dict[str, Any]:
    """CPU of one document in ms: reading, page, attachments and seal; the floor is tagged PDF/A of the same HTML."""
    import django

    django.setup()
    import pikepdf

    from apps.core import clock
    from apps.documents import assembly, registry, rendering
    from apps.documents.models import GeneratedDocument
    from apps.documents.services import render

    at = clock.now()
    document = nearest_to(PAGES, GeneratedDocument.objects.filter(kind__in=["PA", "PD"]).order_by("pk"), at)
    spec = registry.builder_of(document.kind)(document.source_id)
    html = assembly.build_html(spec, kind=document.kind, content=spec.canonical, at=at, demo=True)
    metadata = rendering.PdfMetadata(title="floor", at=at)

    def floor() -> bytes:
        return rendering.render_pdf(html, metadata=metadata, demo=True)

    def whole() -> bytes:
        return render.sealed_pdf(document, at=at)

    with pikepdf.open(BytesIO(whole())) as opened:
        pages = len(opened.pages)
    floor()
    # In turn, so that a busy moment falls on both.
    taken: dict[Callable[[], bytes], list[float]] = {whole: [], floor: []}
    until = time.monotonic() + seconds
    while time.monotonic() < until or len(taken[floor]) < 3:
        for work, figures in taken.items():
            started = time.process_time()
            work()
            figures.append((time.process_time() - started) * 1000)
    value, least = statistics.median(taken[whole]), statistics.median(taken[floor])
    bootstrap.say(f"  protocol_pdf: {pages} pages, {60_000 / value:.0f} a minute a core")
    return row("protocol_pdf", value, "ms", least)


def nearest_to(pages: int, documents: Any, at: Any) -> Any:
    """The document whose file has this many pages, or nearly."""
    import pikepdf

    from apps.documents.services import render

    best, off = None, 1000
    for document in documents[:8]:
        with pikepdf.open(BytesIO(render.unsealed_pdf(document, at=at))) as opened:
            if abs(len(opened.pages) - pages) < off:
                best, off = document, abs(len(opened.pages) - pages)
    if best is None:
        raise RuntimeError("The demonstration set has no protocol.")
    return best
