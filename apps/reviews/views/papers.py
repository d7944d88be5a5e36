"""Papers of public versions: for everybody, and a restricted one for those who work on the act."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from apps.core import clock
from apps.documents.responses import file_response
from apps.draft_acts import selectors as acts
from apps.draft_acts.models import Attachment, DraftAct

from .. import policies


@login_not_required
@require_GET
def act_attachment(request: HttpRequest, number: str, attachment_id: int) -> HttpResponseBase:
    """The file as it came. While it is restricted there is nothing here for the public, not even its hash."""
    if "\x00" in number:
        raise Http404
    act = get_object_or_404(DraftAct.objects.public(), number=number)
    paper = get_object_or_404(
        Attachment.objects.select_related("file").exclude(version__frozen_at=None),
        pk=attachment_id,
        version__act=act,
    )
    closed = paper.file_id in acts.restricted(act, clock.now())
    if closed and not policies.can_read_restricted(request.user, act):
        raise Http404
    response = file_response(paper.file, filename=paper.filename, request=request)
    response["Cache-Control"] = "no-store" if closed else "no-cache"  # it may be restricted later
    return response
