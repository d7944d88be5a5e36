from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, GateClosed


class CertificateRefused(GateClosed):
    code = "certificate_refused"
    message = _("The certificate cannot be issued yet. What is missing is listed below.")


class AlreadyCertified(DomainError):
    code = "already_certified"
    message = _("This act has a certificate in force already.")


class NoCertificate(GateClosed):
    code = "no_certificate"
    message = _("Submission needs a certificate in force.")
