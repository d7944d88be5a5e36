"""The final file of a protocol: what is said comes from the frozen JSON, who signed from the signature rows."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.documents import registry
from apps.documents.enums import DocumentKind
from apps.documents.enums import Side as DocumentSide
from apps.documents.registry import DocumentSpec, SignatureLine
from apps.organizations import selectors

from . import presentation
from .enums import SIGNING_ROLE, Side
from .models import AgreementProtocol, Signature

TITLES = {"PA": _("Protocol of agreement"), "PD": _("Protocol of disagreements")}
DOCUMENT_SIDE = {Side.STATE: DocumentSide.STATE, Side.ASSOCIATION: DocumentSide.COMMUNITIES}


@registry.register(DocumentKind.PROTOCOL_OF_AGREEMENT)
@registry.register(DocumentKind.PROTOCOL_OF_DISAGREEMENTS)
def protocol(source_id: int) -> DocumentSpec:
    found = AgreementProtocol.objects.select_related("review__consultation__act").get(pk=source_id)
    text: dict[str, Any] = json.loads(found.canonical)
    titles = {}
    for language in ("ky", "ru"):
        with override(language):
            titles[language] = str(TITLES[found.kind])
    signatures = found.signatures.select_related("user", "organization").order_by("-side", "pk")
    with override("ky"):
        verify_url = settings.SITE_URL + reverse("verify_number", args=[found.number])
    return DocumentSpec(
        template="documents/protocols/protocol.html",
        context={
            "text": text,
            "meeting": presentation.meeting_of(text),
            "points_ky": presentation.rows(text["points"], "ky"),
            "points_ru": presentation.rows(text["points"], "ru"),
        },
        number=found.number,
        title_ky=titles["ky"],
        title_ru=titles["ru"],
        canonical=found.canonical.encode(),
        verify_url=verify_url,
        signatures=[_line(s) for s in signatures],
        dated=found.fixed_at,
        demo=found.review.consultation.act.is_demo,
    )


def _line(signature: Signature) -> SignatureLine:
    """The signer's name and position as they were at signing; of a substitute also for whom."""
    held = selectors.capacity(
        signature.user, signature.organization, SIGNING_ROLE[Side(signature.side)], at=signature.at
    )
    return SignatureLine(
        name=str(signature.user),
        role_ky=held.words("ky"),
        role_ru=held.words("ru"),
        organization_ky=signature.organization.name_ky,
        organization_ru=signature.organization.name_ru,
        side=DOCUMENT_SIDE[Side(signature.side)],
        at=signature.at,
        content_hash=signature.content_hash,
    )
