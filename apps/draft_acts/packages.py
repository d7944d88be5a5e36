"""Reading packages: a bill, the drafts of its bylaws, and which reference norm each of them fulfils."""

from dataclasses import dataclass

from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery

from apps.core.dates import language

from . import naming, selectors
from .enums import BILLS, NormState
from .models import ActPackage, DraftAct, DraftActVersion, PackageMember, ReferenceNorm
from .norms import GONE, NormRow, in_order


def place_of(act: DraftAct) -> PackageMember | None:
    """Where the act stands in a package."""
    return PackageMember.objects.select_related("package").filter(act=act).first()


def members_of_bill(bill: DraftAct) -> list[PackageMember]:
    """The bylaw drafts in the package of a bill, with their acts; none where there is no package."""
    rows = PackageMember.objects.filter(
        package__members__act=bill, package__members__is_bill=True, is_bill=False
    )
    return list(rows.select_related("act").order_by("pk"))


def package_of_bill(number: str) -> ActPackage | None:
    """The package whose public bill has this number."""
    acts = DraftAct.objects.public().filter(number=number).values("pk")
    return ActPackage.objects.filter(members__is_bill=True, members__act__in=acts).first()


def public_packages() -> QuerySet[ActPackage]:
    """Packages whose bill is public, with `bill`, its number, and of their members the public ones, the bill first;
    each member with the confirmed norms of the bill's newest public text that it fulfils.
    """
    public = DraftAct.objects.public().values("pk")
    newest = DraftActVersion.objects.filter(act=OuterRef("version__act"), frozen_at__isnull=False)
    norms = ReferenceNorm.objects.filter(
        state=NormState.CONFIRMED, version=Subquery(newest.order_by("-number").values("pk")[:1])
    )
    members = PackageMember.objects.filter(act__in=public).select_related("act").order_by("-is_bill", "pk")
    searched = ("act__search_ky", "act__search_ru", "act__search_plain")
    members = members.defer(*searched).prefetch_related(Prefetch("norms", norms.order_by("number")))
    found = ActPackage.objects.filter(members__is_bill=True, members__act__in=public)
    return found.annotate(bill=F("members__act__number")).prefetch_related(Prefetch("members", members))


def is_there(member: PackageMember | None) -> bool:
    """Whether a bylaw draft counts: public, and neither withdrawn nor rejected."""
    return member is not None and not member.act.is_preparing and member.act.state not in GONE


def public_bill_of(act: DraftAct) -> str:
    """The number under which everybody finds the package of this act; empty where there is none."""
    bill = DraftAct.objects.public().filter(
        package_place__is_bill=True, package_place__package__members__act=act
    )
    return bill.values_list("number", flat=True).first() or ""


@dataclass(frozen=True)
class MemberRow:
    """An act of the package, its text that counts, and the norms of the bill that it fulfils."""

    member: PackageMember
    act: DraftAct
    version: DraftActVersion
    norms: tuple[NormRow, ...] = ()

    @property
    def is_there(self) -> bool:
        return is_there(self.member)


@dataclass(frozen=True)
class PackagePage:
    package: ActPackage
    bill: MemberRow
    bylaws: tuple[MemberRow, ...]
    norms: tuple[NormRow, ...]  # confirmed ones of the bill
    missing: tuple[NormRow, ...]  # confirmed norms of the bill without a draft that is there
    undecided: tuple[NormRow, ...]


def package_page(package: ActPackage, *, own: bool = False) -> PackagePage:
    """A package as it stands. `own`: for the initiator's people, with drafts that are not public yet and the norms of
    the version being worked on; everybody else sees public acts only.
    """
    found = package.members.select_related("act__initiator", "package").order_by("-is_bill", "pk")
    members = [m for m in found if own or m.is_bill or not m.act.is_preparing]
    lead = members[0]
    pick = selectors.working_version if own else selectors.current_version
    version = pick(lead.act)
    here = language()
    norms = [NormRow(norm, naming.name_of(norm.eid, here)) for norm in in_order(version)]
    by_member: dict[int, list[NormRow]] = {}
    there = {m.pk for m in members if is_there(m)}
    missing, undecided = [], []
    for row in norms:
        if row.norm.fulfilled_by_id is not None:
            by_member.setdefault(row.norm.fulfilled_by_id, []).append(row)
        if row.norm.state == NormState.FOUND:
            undecided.append(row)
        elif row.norm.state == NormState.CONFIRMED and row.norm.fulfilled_by_id not in there:
            missing.append(row)
    return PackagePage(
        package=package,
        bill=MemberRow(lead, lead.act, version),
        bylaws=tuple(MemberRow(m, m.act, pick(m.act), tuple(by_member.get(m.pk, ()))) for m in members[1:]),
        norms=tuple(row for row in norms if row.norm.state == NormState.CONFIRMED),
        missing=tuple(missing),
        undecided=tuple(undecided),
    )


def candidates(bill: DraftAct) -> list[DraftAct]:
    """Acts of the same initiator that can join the package as bylaw drafts, the newest first."""
    return list(
        DraftAct.objects.filter(initiator=bill.initiator, package_place=None)
        .exclude(kind__in=BILLS)
        .exclude(state__in=GONE)
        .defer("search_ky", "search_ru", "search_plain")
        .order_by("-created_at", "-pk")[:100]
    )


def confirmed(version: DraftActVersion) -> list[ReferenceNorm]:
    """The confirmed norms of a version in the order of the text."""
    return [norm for norm in in_order(version) if norm.state == NormState.CONFIRMED]
