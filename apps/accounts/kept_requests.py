"""Whose a form was that came without a session, and what of a request is kept.

A cookie remembers the last person who signed in here, signed and for a day longer than a session. It opens nothing: it
only says for whom a text is kept, and that text is shown to that person after sign-in and to nobody else.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponseBase
from django.utils.datastructures import MultiValueDict

from apps.core import clock

from . import kept
from .models import KeptForm

REMEMBERED = timedelta(seconds=settings.SESSION_COOKIE_AGE) + kept.LOST_FOR
_RENEWED = timedelta(hours=1)
_SALT = "apps.accounts.person"


# --- whose ----------------------------------------------------------------------------------------------


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put the cookie of the person who is signed in; take it away at signing out."""
    if request.user.is_authenticated:
        if _told(request, _RENEWED) != request.user.pk:
            response.set_cookie(
                settings.PERSON_COOKIE_NAME,
                signing.dumps(request.user.pk, salt=_SALT),
                max_age=int(REMEMBERED.total_seconds()),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
    elif (
        request.method == "POST"
        and request.resolver_match
        and request.resolver_match.view_name == "account_logout"
    ):
        response.delete_cookie(settings.PERSON_COOKIE_NAME, samesite="Lax")


def whose(request: HttpRequest) -> int | None:
    """The person whose session this was; None where nothing tells."""
    return _told(request, REMEMBERED) or _owner_of_ended_session(request)


def _told(request: HttpRequest, age: timedelta) -> int | None:
    try:
        told = signing.loads(request.COOKIES.get(settings.PERSON_COOKIE_NAME, ""), salt=_SALT, max_age=age)
    except signing.BadSignature:
        return None
    return int(told)


def _owner_of_ended_session(request: HttpRequest) -> int | None:
    # An ended session stays in its table until it is swept out; nobody can sign in with it, but it tells whose it was.
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    row = Session.objects.filter(session_key=key).first()
    owner = row.get_decoded().get(SESSION_KEY) if row else None
    return int(owner) if owner else None


# --- what -----------------------------------------------------------------------------------------------


def fields_of(request: HttpRequest) -> kept.Fields:
    return [(name, value) for name, values in request.POST.lists() for value in values]


def is_worth(request: HttpRequest) -> bool:
    """Whether something is lost with this request: text, choices or a file."""
    return bool(request.FILES) or kept.worth_keeping(fields_of(request))


def keep_request(request: HttpRequest, *, person_id: int, back: str) -> KeptForm | None:
    """Keep the whole form for the person. None: nobody by that id, or nobody any more."""
    files = [
        kept.SentFile(
            field, file.name or "", file.content_type or "", file.read(settings.UPLOAD_MAX_BYTES + 1)
        )
        for field, several in request.FILES.lists()
        for file in several
    ]
    return kept.keep(
        person_id=person_id,
        action=request.get_full_path()[:1000],
        back=back[:1000],
        fields=fields_of(request),
        files=files,
        at=clock.now(),
    )


def give_files_back(request: HttpRequest) -> KeptForm | None:
    """The kept form that is sent with this request, if it is the person's own; its files are put to the others."""
    given = request.POST.get("kept_form", "")
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        return None
    form = kept.waiting(request.user, at=clock.now()).filter(pk=given).prefetch_related("files").first()
    if form is None:
        return None
    files: MultiValueDict[str, Any] = request.FILES
    for file in form.files.all():
        if file.field not in files:
            files.appendlist(file.field, SimpleUploadedFile(file.filename, bytes(file.data), file.media_type))
    return form
