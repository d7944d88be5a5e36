"""Files of acts: public ones of registered acts for everybody, the others for people of the initiator."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from apps.documents import uploads
from apps.documents.responses import file_response, made_file
from apps.draft_acts import exports, samples, selectors
from apps.draft_acts.enums import TextLanguage
from apps.draft_acts.models import Attachment, VersionText

from ._common import own_act, public_act


@login_not_required
@require_GET
def act_text_file(request: HttpRequest, number: str, language: str) -> HttpResponseBase:
    """The text of the public version, the file as it came. `?version=1` asks for an earlier one."""
    versions = selectors.public_versions(public_act(request, number))
    wanted = request.GET.get("version", "")
    if wanted:
        if not wanted.isdecimal() or len(wanted) > 4:
            raise Http404
        versions = versions.filter(number=int(wanted))
    version = versions.first()
    text = get_object_or_404(VersionText.objects.select_related("file"), version=version, language=language)
    return file_response(text.file, filename=f"{number}-{language}{_ending(text.filename)}", request=request)


@login_not_required
@require_GET
def act_version_export(
    request: HttpRequest, number: str, version: int, language: str, form: str
) -> HttpResponseBase:
    """The structured text of a public version as DOCX or Akoma Ntoso."""
    act = public_act(request, number)
    texts = VersionText.objects.filter(version__in=selectors.public_versions(act), version__number=version)
    return _export(request, texts.filter(language=language), form, f"{number}-v{version}-{language}")


@login_not_required
@require_GET
def act_prepare_export(request: HttpRequest, token: str, language: str, form: str) -> HttpResponseBase:
    """The same of the version in the making, for its own people."""
    act = own_act(request, token)
    texts = VersionText.objects.filter(version=selectors.open_version(act), language=language)
    return _export(request, texts, form, f"draft-{language}")


def _export(request: HttpRequest, texts: QuerySet[VersionText], form: str, name: str) -> HttpResponseBase:
    if form not in exports.FORMS:
        raise Http404
    text = get_object_or_404(texts.select_related("version__act__initiator"))
    data = exports.exported(text, form)
    return made_file(data, media_type=exports.FORMS[form], filename=f"{name}.{form}", request=request)


def _ending(filename: str) -> str:
    _stem, dot, ending = filename.rpartition(".")
    return f".{ending.lower()}" if dot and ending.isascii() and ending.isalnum() else ""


@login_not_required
@require_GET
def act_prepare_file(request: HttpRequest, token: str, language: str) -> HttpResponseBase:
    """The text of the version in the making, the file as it came, for its own people."""
    act = own_act(request, token)
    text = get_object_or_404(
        VersionText.objects.select_related("file"), version=selectors.open_version(act), language=language
    )
    return file_response(text.file, filename=text.filename, request=request)


@login_not_required
@require_GET
def act_prepare_attachment(request: HttpRequest, token: str, attachment_id: int) -> HttpResponseBase:
    act = own_act(request, token)
    attachment = get_object_or_404(
        Attachment.objects.select_related("file"), pk=attachment_id, version=selectors.open_version(act)
    )
    return file_response(attachment.file, filename=attachment.filename, request=request)


@login_not_required
@require_GET
def act_sample(request: HttpRequest, language: str) -> HttpResponse:
    """A sample of how a text may look, to download."""
    if language not in TextLanguage.values:
        raise Http404
    response = HttpResponse(samples.sample_docx(language), content_type=uploads.DOCX)
    response["Content-Disposition"] = f'attachment; filename="sample-{language}.docx"'
    return response
