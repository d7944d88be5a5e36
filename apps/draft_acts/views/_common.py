"""Finding an act: loading and sight are one step."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from apps.draft_acts.enums import TextLanguage
from apps.draft_acts.models import DraftAct
from apps.organizations.models import Organization


def own_act(request: HttpRequest, token: str) -> DraftAct:
    """The act at a random address, for people of its initiator; for everybody else there is nothing there."""
    return get_object_or_404(DraftAct.objects.own(request.user).select_related("initiator"), token=token)


def public_act(request: HttpRequest, number: str) -> DraftAct:
    """A registered act, for everybody."""
    if "\x00" in number:
        raise Http404
    return get_object_or_404(DraftAct.objects.public().select_related("initiator"), number=number)


def language_or_404(language: str) -> str:
    """A language that a text may be in."""
    if language not in TextLanguage.values:
        raise Http404
    return language


def language() -> str:
    return (get_language() or "ky")[:2]


def organization_name(organization: Organization) -> str:
    return organization.name(language())


def bytes_of(upload: Any) -> bytes:
    """The bytes of an upload, one more than may be kept at the most: enough to see that it is too large."""
    data: bytes = upload.read(settings.UPLOAD_MAX_BYTES + 1)
    return data
