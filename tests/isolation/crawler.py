"""Reads what a person can reach, as a search engine would, and everything inside of what comes back."""

import io
import re
import zipfile
from collections import Counter, deque
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import pikepdf
import pypdfium2
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

from tests.isolation.probes import ask

_LINK = re.compile(r"""(?:href|src|action|hx-get)=["']([^"'#]+)""")
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\)]+")
_HERE = {"", "testserver", urlsplit(settings.SITE_URL).netloc}


@dataclass
class Reading:
    """What a person read: by address, the words of the answer with all that was packed into it."""

    pages: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)

    def where(self, word: str) -> dict[str, list[str]]:
        """Addresses whose answer holds words that begin so, with those words."""
        pattern = re.compile(rf"{re.escape(word)}\w*")
        return {
            url: sorted(set(found)) for url, text in self.pages.items() if (found := pattern.findall(text))
        }


def read(client: Client, seeds: list[str], *, of_a_kind: int) -> Reading:
    """Follow every link from `seeds`; of the addresses of one pattern at most so many."""
    reading, queue, known, kinds = Reading(), deque(seeds), set(seeds), Counter[str]()
    while queue:
        url = queue.popleft()
        this = kind(url)
        if this == "" or (url not in seeds and kinds[this] >= of_a_kind):
            continue
        kinds[this] += 1
        answer = ask(client, "GET", url)
        text = "\n".join([words(answer.body), *(f"{name}: {value}" for name, value in answer.headers)])
        reading.pages[url] = text
        reading.statuses[answer.status] += 1
        for link in [*_LINK.findall(unescape(text)), *_ADDRESS.findall(text), answer.location]:
            following = _inside(urljoin(url, link))
            if following and following not in known:
                known.add(following)
                queue.append(following)
    return reading


def kind(url: str) -> str:
    """The pattern of an address, and what it asks beside it; empty where there is none."""
    path, _mark, query = url.partition("?")
    try:
        name = resolve(unquote(path)).view_name
    except Resolver404:
        return ""
    return f"{name} {','.join(sorted(key for key, _value in parse_qsl(query)))}"


def _inside(link: str) -> str:
    """The path of a link into the portal: Kyrgyz pages, the API; with one parameter at most."""
    parts = urlsplit(link)
    if parts.scheme not in {"", "http", "https"} or parts.netloc not in _HERE:
        return ""
    path = parts.path or "/"
    if path.startswith(("/static/", "/ru/", "/en/")) or "/logout/" in path or len(parse_qsl(parts.query)) > 1:
        return ""
    return f"{path}?{parts.query}" if parts.query else path


def words(data: bytes) -> str:
    """The text of a page, a JSON, a PDF with its attachments, or of everything in an archive."""
    if data.startswith(b"%PDF"):
        with pypdfium2.PdfDocument(data) as pdf:
            text = "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
        with pikepdf.open(io.BytesIO(data)) as pdf:
            packed = [pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments]
            text += f"\n{pdf.docinfo}"
        return "\n".join([text, *map(words, packed)])
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(f"{name}\n{words(archive.read(name))}" for name in archive.namelist())
    # JSON may write letters as \u0436; the canary is plain ASCII for that reason.
    return data.decode("utf-8", "replace")
