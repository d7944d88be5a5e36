"""What official PDFs must be: letters true, tagged and archival, and nothing fetched."""

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pikepdf.pdfa
import pypdfium2
import pytest
from django.conf import settings

from apps.documents import rendering
from apps.documents.canonical import sha256_hex

from .conftest import AT, CONTENT, KYRGYZ, RUSSIAN, protocol_spec, unsealed

# Findings that the renderer is known to leave: the checker knows level B only, and empty dictionaries are unknown to it.
KNOWN = ("ISO_19005_3:6.6.4-3", "pikepdf:schema-Resources", "pikepdf:embedded-file")


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return " ".join(" ".join(pages).split())


def findings(pdf: bytes) -> list[str]:
    report = pikepdf.pdfa.validate_written(io.BytesIO(pdf), "3b")
    return [f"{f.rule} {f.where} {f.message}" for f in report.findings if f.rule not in KNOWN]


def test_kyrgyz_text_extracted_from_the_pdf_equals_the_input(protocol_pdf: bytes) -> None:
    text = text_of(protocol_pdf)

    assert KYRGYZ in text
    assert RUSSIAN in text
    assert "№ PA-2026-0001" in text
    assert "Үсөн Өмүров" in text


def test_a_second_reader_extracts_the_same_kyrgyz(protocol_pdf: bytes, tmp_path: Path) -> None:
    file = tmp_path / "protocol.pdf"
    file.write_bytes(protocol_pdf)
    try:
        text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True).stdout.decode()
    except FileNotFoundError:
        pytest.skip("pdftotext is not installed")

    assert KYRGYZ in " ".join(text.split())


def test_the_pdf_is_archival_before_the_seal(protocol_pdf: bytes) -> None:
    assert findings(protocol_pdf) == []
    with pikepdf.open(io.BytesIO(protocol_pdf)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "ky"
        metadata = pdf.Root.Metadata.read_bytes().decode()
    assert re.search(r"pdfaid:part\W+3\b", metadata)
    assert re.search(r"pdfaid:conformance\W+A\b", metadata)


def test_fonts_split_by_script_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted defect: web subsets instead of whole TTFs draw wrong letters. The check must see it."""
    fonts = settings.BASE_DIR / "static/vendor/fonts"
    split = {
        name: fonts / f"pt-sans-{name}-400-normal.woff2" for name in ("cyrillic", "cyrillic-ext", "latin")
    }
    if not all(path.exists() for path in split.values()):
        pytest.skip("the web fonts are not vendored")
    ranges = {
        "cyrillic": "U+0301, U+0400-045F, U+0490-0491, U+04B0-04B1, U+2116",
        "cyrillic-ext": "U+0460-052F, U+1C80-1C8A",
        "latin": "U+0000-00FF, U+2000-206F",
    }
    faces = "".join(
        f"@font-face {{ font-family: 'PT Sans'; src: url(../vendor/fonts/{path.name}); unicode-range: {ranges[name]}; }}"
        for name, path in split.items()
    )

    class Loose(rendering.PortalFetcher):
        """Lets the wrong fonts in."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(self.PREFIX)
            if name.endswith(".woff2"):
                return rendering.URLFetcherResponse(
                    url, (self.root / name).read_bytes(), {"Content-Type": "font/woff2"}
                )
            return super().fetch(url, headers)

    fetcher, config = Loose(), rendering.FontConfiguration()
    style = rendering.CSS(
        string=faces + "html { font: 10pt 'PT Sans' }",
        base_url=rendering.BASE_URL,
        url_fetcher=fetcher,
        font_config=config,
    )
    monkeypatch.setattr(rendering, "press", lambda: rendering._Press(fetcher, config, style, style))

    pdf = rendering.render_pdf(
        f"<html lang=ky><title>x</title><p>{KYRGYZ}</p>", metadata=rendering.PdfMetadata(title="x", at=AT)
    )

    # The extracted text is right: only the glyphs drawn are wrong, and only this check tells.
    assert any("6.2.11.5" in finding for finding in findings(pdf))


def test_every_page_has_its_number_and_the_running_head(protocol_pdf: bytes) -> None:
    document = pypdfium2.PdfDocument(protocol_pdf)
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()

    assert len(pages) >= 2
    for number, page in enumerate(pages, start=1):
        assert f"{number} / {len(pages)}" in page
        assert sha256_hex(CONTENT)[:4] in page
    assert "Макулдашуу протоколу · Протокол согласования" in pages[1]


def test_the_signed_json_and_the_signatures_lie_inside(protocol_pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(protocol_pdf)) as pdf:
        inside = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}

    assert inside["protocol.json"] == CONTENT
    assert sha256_hex(CONTENT).encode() in inside["signatures.json"]


def test_typed_markup_stays_text_and_fetches_nothing() -> None:
    hostile = "<img src=file:///etc/passwd> <style>p{display:none}</style> {% now %}"

    text = text_of(
        unsealed(protocol_spec(context={"ky": KYRGYZ, "ru": RUSSIAN, "rows": [1], "hostile": hostile}))
    )

    assert hostile in text
    assert KYRGYZ in text


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/x.png",
        "https://example.org/x.css",
        "ftp://example.org/x",
        "data:text/css,p{}",
        "https://portal.invalid/static/../manage.py",
        "https://portal.invalid/static/vendor/pdf-fonts/../../css/pdf.css",
        "https://portal.invalid/static/vendor/pdf-fonts/%2e%2e/x.ttf",
        "https://portal.invalid/static/css/base.css",
        "portal.invalid/static/css/pdf.css",
    ],
)
def test_the_fetcher_refuses_what_is_not_the_portals_own(address: str) -> None:
    with pytest.raises(rendering.ForbiddenAddress):
        rendering.PortalFetcher().fetch(address)


def test_a_page_that_draws_a_file_in_comes_out_without_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("tiger-lily-4711")
    html = (
        f"<html lang=ky><title>x</title><link rel=attachment href='file://{secret}'>"
        f"<p>{KYRGYZ}<img src='file://{secret}'><object data='file://{secret}'></object>"
    )

    pdf = rendering.render_pdf(html, metadata=rendering.PdfMetadata(title="x", at=AT))

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.attachments) == 0
    assert "tiger-lily" not in text_of(pdf)
    assert KYRGYZ in text_of(pdf)


def test_a_missing_font_stops_the_rendering(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rendering.press.cache_clear()
    monkeypatch.setattr(rendering.PortalFetcher.__init__, "__defaults__", (tmp_path,))
    try:
        with pytest.raises(rendering.FontMissing):
            rendering.render_pdf("<html lang=ky><p>ң", metadata=rendering.PdfMetadata(title="x", at=AT))
    finally:
        rendering.press.cache_clear()


def test_a_demo_document_says_so_on_every_page() -> None:
    document = pypdfium2.PdfDocument(unsealed(protocol_spec(demo=True)))
    pages = [page.get_textpage().get_text_range() for page in document]
    pictures = [page.render(scale=0.5).to_pil().convert("RGB") for page in document]
    document.close()

    assert all("DEMO" in page for page in pages)
    for picture in pictures:
        # the mark across the page: its pale red, in a good part of the sheet
        colours = picture.getcolors(1_000_000)
        pale = sum(count for count, (r, g, b) in colours if r >= 245 and 225 <= g <= 242 and 225 <= b <= 242)
        assert pale > 0.03 * picture.width * picture.height


def test_a_document_that_is_not_a_demo_does_not_say_so(protocol_pdf: bytes) -> None:
    assert "DEMO" not in text_of(protocol_pdf)
