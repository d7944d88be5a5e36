"""Giving a stored file to a browser. Who may have it is decided before, by the calling app."""

import hashlib
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified

from . import services
from .models import StoredFile
from .uploads import clean_filename

# A stored file is never a page of the portal: nothing in it runs, loads or submits.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# Browsers refuse to show a PDF inside a sandbox; for the portal's own files the rest of the policy stays.
OWN_PDF = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'"
INLINE_TYPES = frozenset({"application/pdf", "text/plain", "image/png", "image/jpeg"})


def file_response(
    stored: StoredFile, *, filename: str, inline: bool = False, request: HttpRequest | None = None
) -> HttpResponseBase:
    """The file as an attachment, or shown in the browser when `inline` and of a harmless type.

    With `request`, an unchanged file is answered by 304. The caller sets Cache-Control (a signed-in page is no-store).
    """
    etag = f'"{stored.sha256}"'
    if request is not None and etag in request.headers.get("If-None-Match", ""):
        unchanged = HttpResponseNotModified()
        unchanged["ETag"] = etag
        return unchanged
    shown = inline and stored.media_type in INLINE_TYPES
    media_type = "text/plain; charset=utf-8" if stored.media_type == "text/plain" else stored.media_type
    response = FileResponse(services.open_file(stored), content_type=media_type)
    response["Content-Length"] = str(stored.size)
    response["Content-Disposition"] = _disposition(
        "inline" if shown else "attachment", clean_filename(filename)
    )
    response["Content-Security-Policy"] = (
        OWN_PDF if shown and stored.media_type == "application/pdf" else SANDBOX
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["ETag"] = etag
    return response


def made_file(data: bytes, *, media_type: str, filename: str, request: HttpRequest) -> HttpResponseBase:
    """A file made for this request, as an attachment; one that the browser has already is answered by 304."""
    etag = f'"{hashlib.sha256(data).hexdigest()}"'
    response: HttpResponseBase
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(data, content_type=media_type)
        response["Content-Disposition"] = _disposition("attachment", clean_filename(filename))
        response["Content-Security-Policy"] = SANDBOX
        response["X-Content-Type-Options"] = "nosniff"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["ETag"] = etag
    return response


def _disposition(how: str, name: str) -> str:
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
