"""The certificate as a file: everything it says comes from certificate.json."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.documents import registry
from apps.documents.enums import DocumentKind
from apps.documents.registry import DocumentSpec

from . import presentation
from .models import Certificate

TITLE = _("Certificate of consultation")


@registry.register(DocumentKind.CERTIFICATE)
def certificate(source_id: int) -> DocumentSpec:
    found = Certificate.objects.select_related("act__initiator", "version").get(pk=source_id)
    titles = {}
    for language in ("ky", "ru"):
        with override(language):
            titles[language] = str(TITLE)
    with override("ky"):
        verify_url = settings.SITE_URL + reverse("verify_number", args=[found.number])
    return DocumentSpec(
        template="documents/passage/certificate.html",
        context={"text": presentation.certificate_text(found), "initiator": found.act.initiator},
        number=found.number,
        title_ky=titles["ky"],
        title_ru=titles["ru"],
        canonical=found.canonical.encode(),
        verify_url=verify_url,
        dated=found.issued_at,
        demo=found.act.is_demo,
    )
