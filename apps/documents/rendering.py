"""HTML to tagged PDF/A-3. The only module of the portal that imports WeasyPrint.

Three things keep it honest: the fetcher gives out the portal's own fonts and nothing else, the fonts
are whole TTF files (families split by script draw wrong letters for ң ө ү, silently), and a missing
font stops the rendering instead of falling back to another one.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from .registry import SpecAttachment

logger = logging.getLogger(__name__)

STATIC = Path(settings.BASE_DIR) / "static"
BASE_URL = "https://portal.invalid/static/css/"  # never resolved: an address the fetcher knows by heart
FONTS = "vendor/pdf-fonts/"
VARIANT = "pdf/a-3a"


class ForbiddenAddress(ValueError):
    """A document asked for something that is not the portal's own."""


class FontMissing(RuntimeError):
    """A font or picture of the portal is not installed: better no document than one in wrong letters."""


class PortalFetcher(URLFetcher):
    """Gives out the fonts and pictures of official documents; refuses files, network and data addresses."""

    PREFIX = "https://portal.invalid/static/"
    TYPES = {".ttf": "font/ttf", ".css": "text/css", ".svg": "image/svg+xml"}
    OWN = ("css/pdf.css", "css/pdf-demo.css", "css/pdf-demo.svg")

    def __init__(self, root: Path = STATIC) -> None:
        super().__init__(allowed_protocols=[], allow_redirects=False)
        self.root = root

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = url.removeprefix(self.PREFIX)
        is_font = (
            name.startswith(FONTS) and name.endswith(".ttf") and name.count("/") == 2 and "%" not in name
        )
        if name == url or not (is_font or name in self.OWN):
            logger.warning("document.fetch_refused", extra={"url": url[:200]})
            raise ForbiddenAddress("the portal's documents fetch nothing from outside")
        path = self.root / name
        try:
            body = path.read_bytes()
        except FileNotFoundError as error:
            raise FatalURLFetchingError(f"{name} is missing; run script/server once to fetch it") from error
        return URLFetcherResponse(url, body, {"Content-Type": self.TYPES[path.suffix]})


@dataclass(frozen=True)
class PdfMetadata:
    """What the file says about itself."""

    title: str
    at: datetime
    author: str = "Макулдашуу"
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Press:
    """Warm parts: fonts and styles read once a process (1.1 s cold, 0.2 s warm)."""

    fetcher: PortalFetcher
    fonts: FontConfiguration
    style: CSS
    demo_style: CSS


@lru_cache(maxsize=1)
def press() -> _Press:
    """The warm press of this process; workers call it at their start."""
    fetcher, fonts = PortalFetcher(), FontConfiguration()

    def style(name: str) -> CSS:
        text = (STATIC / "css" / name).read_text("utf-8")
        return CSS(string=text, base_url=BASE_URL, url_fetcher=fetcher, font_config=fonts)

    try:
        return _Press(fetcher, fonts, style("pdf.css"), style("pdf-demo.css"))
    except FatalURLFetchingError as error:  # a BaseException: it must not take the worker down
        raise FontMissing(str(error)) from error


def render_pdf(
    html: str,
    *,
    metadata: PdfMetadata,
    attachments: Sequence[SpecAttachment] = (),
    variant: str = VARIANT,
    demo: bool = False,
) -> bytes:
    """The PDF of a page of documents/base_pdf.html, unsealed, with the attachments inside."""
    try:
        return _render(html, metadata, attachments, variant, demo)
    except FatalURLFetchingError as error:
        raise FontMissing(str(error)) from error


def _render(
    html: str, metadata: PdfMetadata, attachments: Sequence[SpecAttachment], variant: str, demo: bool
) -> bytes:
    parts = press()
    document = HTML(string=html, base_url=BASE_URL, url_fetcher=parts.fetcher).render(
        font_config=parts.fonts,
        stylesheets=[parts.style, parts.demo_style] if demo else [parts.style],
        pdf_variant=variant,
        pdf_tags=True,
    )
    document.metadata.title = metadata.title
    document.metadata.authors = [metadata.author]
    document.metadata.keywords = list(metadata.keywords)
    document.metadata.created = document.metadata.modified = metadata.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    # Names of embedded files form a sorted tree in PDF.
    inside = [_attachment(item, metadata.at) for item in sorted(attachments, key=lambda item: item.name)]
    pdf = document.write_pdf(pdf_variant=variant, pdf_tags=True, attachments=inside)
    assert pdf is not None
    return pdf


def _attachment(item: SpecAttachment, at: datetime) -> Attachment:
    return Attachment(
        string=item.data,
        name=item.name,
        description=item.description or None,
        relationship=item.relationship,
        created=at,
        modified=at,
    )
