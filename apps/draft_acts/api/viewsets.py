"""Acts, versions and provisions: public from registration on; those in preparing for the initiator's own people."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from apps.core.api.views import ReadViewSet
from apps.organizations import policies as organizations

from .. import packages
from ..models import ActPackage, DraftAct, DraftActVersion, Provision, ReferenceNorm
from . import filters, serializers

SEARCH = ("search_ky", "search_ru", "search_plain")


def visible_versions(user: Any) -> QuerySet[DraftActVersion]:
    """Public versions, and the one being prepared for the initiator's own people."""
    own = DraftAct.objects.own(user).values("pk")
    return DraftActVersion.objects.filter(Q(frozen_at__isnull=False) | Q(act__in=own)).filter(
        act__in=DraftAct.objects.visible_to(user).values("pk")
    )


def by_reference(reference: str, prefix: str = "") -> Q:
    """Acts of this number, or of this random address while they are prepared. A token opens no registered act."""
    return Q(**{f"{prefix}number": reference}) | Q(**{f"{prefix}token": reference, f"{prefix}number": None})


class ActViewSet(ReadViewSet):
    """Draft acts, the newest first."""

    tag = "acts"
    summaries = {"list": _("Draft acts, the newest first"), "retrieve": _("A draft act")}
    queryset = DraftAct.objects.none()

    @property
    def ordering(self) -> tuple[str, ...]:
        # The register has an index of its own; acts in preparing have no day of registration.
        return ("-listed_at", "-id") if self._prepares() else ("-registered_at", "-id")

    def _prepares(self) -> bool:
        return bool(organizations.organization_ids(self.request.user, *organizations.STATE_SIDE))

    def get_serializer_class(self) -> Any:
        return serializers.ActSerializer if self.action == "list" else serializers.ActDetailSerializer

    def get_queryset(self) -> QuerySet[DraftAct]:
        acts = DraftAct.objects.visible_to(self.request.user).select_related("initiator")
        if self.action != "list":
            return acts.select_related("scope").defer(*SEARCH)
        acts = acts.defer(*SEARCH, "summary_ky", "summary_ru")
        return acts.annotate(listed_at=Coalesce("registered_at", "created_at")) if self._prepares() else acts

    def in_address(self) -> QuerySet[DraftAct]:
        return self.get_queryset().filter(by_reference(self.kwargs["act"]))


class VersionViewSet(ReadViewSet):
    """The versions of an act, the newest first."""

    tag = "versions"
    summaries = {"list": _("Versions of an act, the newest first"), "retrieve": _("A version of an act")}
    serializer_class = serializers.VersionSerializer
    ordering = ("-number",)
    queryset = DraftActVersion.objects.none()

    def get_queryset(self) -> QuerySet[DraftActVersion]:
        versions = visible_versions(self.request.user).filter(by_reference(self.kwargs["act"], "act__"))
        versions = versions.select_related("act", "no_function").defer(*(f"act__{name}" for name in SEARCH))
        return versions.prefetch_related("texts__file", "attachments__file", "functions", "act__restrictions")

    def in_address(self) -> QuerySet[DraftActVersion]:
        return self.get_queryset().filter(number=self.kwargs["version"])

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        act = DraftAct.objects.visible_to(request.user).filter(by_reference(self.kwargs["act"]))
        if not act.exists():
            raise Http404
        return super().list(request, *args, **kwargs)


class _OfAVersion(ReadViewSet):
    """What belongs to one version of an act; the version decides who sees it."""

    def _version(self) -> DraftActVersion:
        found = visible_versions(self.request.user).filter(
            by_reference(self.kwargs["act"], "act__"), number=self.kwargs["version"]
        )
        version = found.select_related("act").first()
        if version is None:
            raise Http404
        return version


class NormViewSet(_OfAVersion):
    """The reference norms of a version, by number."""

    tag = "norms"
    summaries = {"list": _("Reference norms of a version"), "retrieve": _("A reference norm")}
    serializer_class = serializers.NormSerializer
    ordering = ("number",)
    queryset = ReferenceNorm.objects.none()

    def get_queryset(self) -> QuerySet[ReferenceNorm]:
        searched = (f"version__act__{name}" for name in SEARCH)
        return self._version().norms.select_related("version__act").defer(*searched)

    def in_address(self) -> QuerySet[ReferenceNorm]:
        return self.get_queryset().filter(number=self.kwargs["norm"])


class ProvisionViewSet(_OfAVersion):
    """The provisions of a version in the order of the document."""

    tag = "provisions"
    summaries = {
        "list": _("Provisions of a version in the order of the document"),
        "retrieve": _("A provision in both languages"),
    }
    serializer_class = serializers.ProvisionSerializer
    ordering = ("position",)
    queryset = Provision.objects.none()

    def get_queryset(self) -> QuerySet[Provision]:
        searched = (f"version__act__{name}" for name in SEARCH)
        return self._version().provisions.select_related("version__act").defer(*searched)

    def in_address(self) -> QuerySet[Provision]:
        return self.get_queryset().filter(eid=self.kwargs["eid"])


class PackageViewSet(ReadViewSet):
    """Packages of public bills. A bylaw draft in preparing is not in them, not even for its own people: they see it on
    the page where the package is put together.
    """

    tag = "packages"
    summaries = {
        "list": _("Packages of bills, the newest first"),
        "retrieve": _("The package of a bill: the bill and the drafts of its bylaws"),
    }
    serializer_class = serializers.PackageSerializer
    filterset_class = filters.PackageFilterSet
    queryset = ActPackage.objects.none()
    lookup = {"bill": "bill"}

    def get_queryset(self) -> QuerySet[ActPackage]:
        return packages.public_packages()
