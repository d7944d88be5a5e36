"""The package list as a file: everything it says comes from package.json."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from apps.documents import selectors as documents
from apps.documents.canonical import parse_moment
from apps.documents.enums import DocumentKind
from apps.documents.registry import DocumentSpec, register

from .enums import ActKind, Paper
from .models import ActPackage


def package_said(canonical: str) -> dict[str, Any]:
    """What a package list says, kinds and papers as words in the language of the moment they are printed in."""
    said: dict[str, Any] = json.loads(canonical)
    for act in (said["bill"], *said["bylaws"]):
        act["kind"] = ActKind(act["kind"]).label
        for paper in act["papers"]:
            paper["paper"] = Paper(paper["paper"]).label
    return said


@register(DocumentKind.PACKAGE_LIST)
def package_list(source_id: int) -> DocumentSpec:
    kind = DocumentKind.PACKAGE_LIST
    document = documents.document_of(kind=kind, source_type=ActPackage._meta.label_lower, source_id=source_id)
    if document is None or document.canonical_json is None:
        raise LookupError(f"{kind} {source_id} was never asked for")
    said = package_said(document.canonical_json)
    with override("ky"):
        title_ky = str(kind.label)
        verify_url = settings.SITE_URL + reverse("verify_number", args=[document.number])
    with override("ru"):
        title_ru = str(kind.label)
    bill = ActPackage.objects.get(pk=source_id).members.select_related("act").get(is_bill=True).act
    return DocumentSpec(
        template="documents/draft_acts/package.html",
        context={"text": said, "issued_at": parse_moment(said["issued_at"])},
        number=document.number,
        title_ky=title_ky,
        title_ru=title_ru,
        verify_url=verify_url,
        dated=document.created_at,
        demo=bill.is_demo,
    )
