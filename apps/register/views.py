"""Public pages above all stages, and my desk. Everything here only reads.

One exception: a person of an addressed association who opens the text of an act acknowledges its delivery.
"""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import kept
from apps.core import clock
from apps.core.dates import language
from apps.deadlines import selectors as deadlines
from apps.deadlines.enums import BylawGate, Paper, Stage
from apps.documents import verification as documents
from apps.draft_acts import evidence, functions, norms, packages
from apps.draft_acts import policies as act_policies
from apps.draft_acts.enums import BILLS
from apps.draft_acts.models import DraftAct, Provision
from apps.draft_acts.pieces import LONG_TO_READ
from apps.organizations import policies as organizations
from apps.passage.gates import certificate_conditions
from apps.reviews import policies as review_policies
from apps.reviews import services as reviews
from apps.reviews.selectors import silent
from apps.reviews.workflow import UNFILED

from . import parts
from .conditional import public_page
from .filters import SOON, ActFilterSet, DecisionFilterSet, ListFilterSet, ProtocolFilterSet, nothing_found
from .forms import FileForm, NumberForm
from .selectors import act as acts
from .selectors import compare, front, lists, records, verification
from .selectors import desk as desks
from .selectors import text as texts
from .selectors.promises import lost_promises
from .selectors.steps import next_steps

PER_PAGE = lists.PAGE
LANGUAGES = ("both", "ky", "ru")


@login_not_required
@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "register/home.html", {"front": front.front(clock.now(), SOON), "soon": SOON.days})


# --- lists ------------------------------------------------------------------------------------------


def _listed(request: HttpRequest, filters: ListFilterSet, empty: Any) -> dict[str, Any]:
    chips = filters.chips()
    narrowed = type(filters).__name__, *filters.in_use
    paginator = parts.CountedOnce(
        request, *narrowed, object_list=parts.listed(request, filters, narrowed), per_page=PER_PAGE
    )
    page = paginator.get_page(request.GET.get("page"))
    resembling = None if page.paginator.count else filters.resembling()
    if resembling is not None:
        page = Paginator(resembling, PER_PAGE).get_page(1)
    return {
        "resembling": resembling is not None,
        "filters": filters,
        "page": page,
        "chips": chips,
        "box": parts.filter_box(request, filters, len(chips)),
        "nothing": "" if page.paginator.count else nothing_found(filters, empty),
    }


@login_not_required
@require_safe
@public_page
def act_list(request: HttpRequest) -> HttpResponse:
    """The register of draft acts with its filters and search."""
    at = clock.now()
    filters = ActFilterSet(request.GET, lists.for_list(lists.acts()), at=at, bodies=parts.bodies(request))
    context = _listed(request, filters, _("No draft has been registered yet."))
    rows = parts.act_rows(request, context["page"], at)
    return render(request, "register/act_list.html", {**context, "rows": rows})


@login_not_required
@require_safe
@public_page
def protocol_list(request: HttpRequest) -> HttpResponse:
    """Signed protocols."""
    filters = ProtocolFilterSet(request.GET, lists.protocols(), at=clock.now(), bodies=parts.bodies(request))
    context = _listed(request, filters, _("No protocol has been signed yet."))
    return render(request, "register/protocol_list.html", context)


@login_not_required
@require_safe
@public_page
def decision_list(request: HttpRequest) -> HttpResponse:
    """What the Cabinet and the parliament decided."""
    filters = DecisionFilterSet(request.GET, lists.decisions(), at=clock.now(), bodies=parts.bodies(request))
    context = _listed(request, filters, _("No decision has been recorded yet."))
    return render(request, "register/decision_list.html", context)


# --- one act ----------------------------------------------------------------------------------------


def registered_act(number: str) -> DraftAct:
    """The registered act of the address. Acts in preparing have no address here, for nobody."""
    found = None if "\x00" in number else acts.public_act(number)
    if found is None:
        raise Http404
    return found


TABS = (
    "act", "act_text", "act_norms", "act_opinions", "act_promises", "act_documents", "act_history", "act_decisions",
)  # fmt: skip


def framed(request: HttpRequest, page: acts.ActFrame, here: str) -> dict[str, Any]:
    """What stands above every tab: the act, its stage, the tabs with their counts, the reader's next steps."""
    counts = page.counts
    names = {
        "act": (_("Overview"), ""),
        "act_text": (_("Text and remarks"), counts.remarks or ""),
        "act_norms": (_("Reference norms"), counts.norms or ""),
        "act_opinions": (_("Opinions"), counts.opinions or ""),
        "act_promises": (_("Promises"), counts.promises or ""),
        "act_documents": (_("Documents"), counts.documents),
        "act_decisions": (_("Decisions"), counts.decisions or ""),
        "act_history": (_("History"), ""),
    }
    number = page.act.number
    tabs = [
        {"url": reverse(name, args=[number]), "name": word, "count": count, "current": name == here}
        for name, (word, count) in names.items()
        if name != "act_promises" or count or here == name
    ]
    return {"act": page.act, "frame": page, "tabs": tabs, "steps_for_me": next_steps(page, request.user)}


@login_not_required
@require_safe
@public_page
def act(request: HttpRequest, number: str) -> HttpResponse:
    """An act at a glance: where it stands, what is missing, what was said."""
    found, at = registered_act(number), clock.now()
    page = acts.frame(found, at)
    decisions = acts.decisions_of(found)
    context = {
        **framed(request, page, "act"),
        "timeline": acts.timeline(page, at, decisions),
        "conditions": certificate_conditions(found, at) if found.state in GATED else [],
        "package": packages.public_bill_of(found),
        "card": functions.card(acts.shown_version(page)),
        "scope_found": {topic.topic: topic for topic in evidence.stated(found)},
        "left_out": acts.left_out(page.consultation),
        "decisions": decisions,
        "lost": lost_promises(found) if page.counts.promises else 0,
    }
    return render(request, "register/act.html", context)


GATED = frozenset({"registered", "in_consultation"})  # acts before which the certificate's door still stands


@login_not_required
@require_safe
@public_page
def act_text(request: HttpRequest, number: str) -> HttpResponse:
    """The text that is consulted on, else the newest: both languages level, remarks beside them."""
    return _text_page(request, registered_act(number), None)


@login_not_required
@require_safe
@public_page
def act_version(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The text of one public version, at an address that lasts."""
    return _text_page(request, registered_act(number), version)


@login_not_required
@require_safe
def act_provision(request: HttpRequest, number: str, version: int, eid: str) -> HttpResponse:
    """The lasting address of a provision: it leads to its place in the text of that version."""
    found = registered_act(number)
    provisions = Provision.objects.filter(
        version__act=found, version__number=version, version__frozen_at__isnull=False
    ).values_list("eid", flat=True)
    if eid not in provisions:
        raise Http404
    asked = {"text": request.GET["text"]} if request.GET.get("text") in LANGUAGES else {}
    if len(provisions) > LONG_TO_READ:
        asked["in"] = eid
    return redirect(reverse("act_version", args=[number, version], query=asked, fragment=eid))


def _text_page(request: HttpRequest, found: DraftAct, number: int | None) -> HttpResponse:
    """`number` of the version; without it the one that is consulted on, else the newest."""
    at = clock.now()
    versions = acts.versions_of(found)
    current = acts.counting(versions)
    version = current if number is None else next((v for v in versions if v.number == number), None)
    if version is None:
        raise Http404
    # A delivery is acknowledged by the first opening of the text by the association's own people.
    if request.method == "GET" and version is current:
        reviews.acknowledge_by_reading(user=request.user, act=found, at=at)
    page = acts.frame(found, at)
    languages = request.GET.get("text", "both")
    languages = languages if languages in LANGUAGES else "both"
    held = {name: request.GET[name][:200] for name in ("in", "whole") if name in request.GET}
    compared = compare.compared_versions(found) if len(versions) > 1 else []
    own = organizations.organization_ids(request.user, *organizations.COMMUNITIES_SIDE)
    mine = next((r for r in page.reviews if r.review.association_id in own), None)
    writes = (
        mine is not None
        and version is current
        and mine.stage in UNFILED
        and review_policies.can_write_opinion(request.user, mine.review)
    )
    context = {
        **framed(request, page, "act_text"),
        "text": texts.act_text(
            version,
            languages,
            {r.review.pk: silent(r.review, at) for r in page.reviews},
            expected=page.counts.remarks,
            at=None if request.GET.get("whole") == "1" else request.GET.get("in", ""),
        ),
        "base": reverse("act_version", args=[found.number, version.number]),
        "versions": versions,
        "exported": LANGUAGES[1:],  # a public version has both
        "current": current,
        "languages": languages,
        "compared": compared[0] if compared else None,
        "choices": [(code, "?" + urlencode({**held, "text": code})) for code in LANGUAGES],
        "just_delivered": mine if mine is not None and mine.review.acknowledged_at == at else None,
        "writes_to": reverse("opinion_write", args=[found.number, mine.code]) if writes and mine else "",
        "awaited_until": max((r.review.due_at for r in page.reviews if r.review.due_at > at), default=None),
    }
    return render(request, "register/act_text.html", context)


@login_not_required
@require_safe
@public_page
def act_norms(request: HttpRequest, number: str) -> HttpResponse:
    """What the text leaves to bylaws, as found and decided."""
    found = registered_act(number)
    page = acts.frame(found, clock.now())
    context = {
        **framed(request, page, "act_norms"),
        "page": norms.norms_page(acts.shown_version(page)),
        "bills": BILLS,
        "may_decide": act_policies.can_decide_norms(request.user, found)
        and found.state in act_policies.BEFORE_OPENING,
    }
    return render(request, "register/act_norms.html", context)


@login_not_required
@require_safe
@public_page
def act_opinions(request: HttpRequest, number: str) -> HttpResponse:
    """What each association said, late opinions marked; who was not asked, and why."""
    found, at = registered_act(number), clock.now()
    page = acts.frame(found, at)
    context = {
        **framed(request, page, "act_opinions"),
        "associations": records.opinions(page, at),
        "scope_found": {topic.topic: topic for topic in evidence.stated(found)},
        "left_out": acts.left_out(page.consultation),
    }
    return render(request, "register/act_opinions.html", context)


@login_not_required
@require_safe
@public_page
def act_documents(request: HttpRequest, number: str) -> HttpResponse:
    """Texts, papers, and what the portal issued."""
    found = registered_act(number)
    at = clock.now()
    page = acts.frame(found, at)
    context = {
        **framed(request, page, "act_documents"),
        "documents": records.documents(found, request.user, at),
    }
    return render(request, "register/act_documents.html", context)


@login_not_required
@require_safe
@public_page
def act_history(request: HttpRequest, number: str) -> HttpResponse:
    """The public events of the act, from the journal."""
    found = registered_act(number)
    page = acts.frame(found, clock.now())
    context = {**framed(request, page, "act_history"), "lines": records.history(found)}
    return render(request, "register/act_history.html", context)


@login_not_required
@require_safe
@public_page
def act_decisions(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate and what was decided after it."""
    found = registered_act(number)
    page = acts.frame(found, clock.now())
    context = {**framed(request, page, "act_decisions"), "decisions": acts.decisions_of(found)}
    return render(request, "register/act_decisions.html", context)


# --- verification -----------------------------------------------------------------------------------


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Look a document up by its number, or compare a file with the register. The file is not kept."""
    if request.method == "POST":
        return _verify_file(request, expected=None)
    number_form = NumberForm(request.GET if "number" in request.GET else None)
    if number_form.is_bound and number_form.is_valid():
        return redirect("verify_number", _cleaned(number_form.cleaned_data["number"]) or "-")
    return render(request, "register/verify.html", {"number_form": number_form, "file_form": FileForm()})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify_number(request: HttpRequest, number: str) -> HttpResponse:
    """Where the QR code leads: the document of this number; a file sent here must carry it."""
    if request.method == "POST":
        return _verify_file(request, expected=number)
    found = verification.find(number)
    context = {
        "found": found,
        "number": number,
        "number_form": NumberForm(initial={"number": number}),
        "file_form": FileForm(),
    }
    return render(request, "register/verify_number.html", context, status=200 if found else 404)


def _cleaned(number: str) -> str:
    return "".join(number.split()).removeprefix("№").replace("/", "").upper()


def _verify_file(request: HttpRequest, *, expected: str | None) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"number_form": NumberForm(initial={"number": expected or ""}), "file_form": form}
        return render(request, "register/verify.html", context, status=400)
    file = form.cleaned_data["file"]
    verdict = documents.verify(file.read(), at=clock.now(), expected_number=expected)
    context = {"result": verification.shown(verdict), "filename": file.name, "expected": expected}
    return render(request, "register/verify_result.html", {**context, "file_form": FileForm()})


# --- my desk ----------------------------------------------------------------------------------------


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the person signed in. LoginRequiredMiddleware leads everybody else to sign-in."""
    at = clock.now()
    waiting = kept.waiting(request.user, at=at).exists()
    return render(request, "register/desk.html", {"desk": desks.desk(request.user, at), "kept": waiting})


# --- about ------------------------------------------------------------------------------------------

SHOWN_STAGES = (
    Stage.DELIVERY, Stage.OPINION, Stage.ANSWERS, Stage.REPLY, Stage.CONCILIATION_CALL, Stage.CONCILIATION_HOLD,
    Stage.SIGNING,
)  # fmt: skip


@login_not_required
@require_safe
@public_page
def procedure(request: HttpRequest) -> HttpResponse:
    """How consultation works here: stages, terms and silence, read from the template in force."""
    template = deadlines.current_template(at=clock.now())
    terms = {term.stage: term for term in template.terms.all()}
    papers = [(Paper(row.paper).label, row.amending_only) for row in template.required_papers.order_by("pk")]
    context = {
        "template": template,
        "template_name": template.names.get(language()) or template.name_ru,
        "terms": [(Stage(code).label, terms[code]) for code in SHOWN_STAGES if code in terms],
        "papers": papers,
        "bylaws_at": BylawGate(template.bylaws_at),
    }
    return render(request, "register/procedure.html", context)


@login_not_required
@require_safe
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "register/accessibility.html")


@login_not_required
@require_safe
@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Addresses of public acts and protocols in the language of the address, for search engines."""
    pages = [
        reverse(name)
        for name in (
            "home",
            "act_list",
            "protocol_list",
            "decision_list",
            "verify",
            "procedure",
            "outage_list",
        )
    ]
    numbers = lists.acts().values_list("number", flat=True)[:SITEMAP]
    pages += [reverse("act", args=[number]) for number in numbers]
    protocols = lists.protocols().values_list("number", flat=True)[:SITEMAP]
    pages += [reverse("protocol", args=[number]) for number in protocols]
    context = {"urls": [settings.SITE_URL + page for page in pages]}
    return render(request, "register/sitemap.xml", context, content_type="application/xml")


SITEMAP = 20_000
