"""Acts, versions and provisions as they are read."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from apps.core import clock
from apps.core.api.fields import Address, ReadSerializer
from apps.organizations.models import Organization

from .. import packages, selectors
from ..enums import ActKind, ActState
from ..models import (
    ActPackage,
    Attachment,
    CardFunction,
    DraftAct,
    DraftActVersion,
    NoFunction,
    PackageMember,
    PaperRestriction,
    Provision,
    ReferenceNorm,
    ScopeStatement,
    VersionText,
)


class OrganizationSerializer(ReadSerializer):
    class Meta:
        model = Organization
        fields = ("code", "name_ky", "name_ru", "name_en")


class ActSerializer(ReadSerializer):
    """An act in a list. `reference` stands in addresses: the number, or the random address while it is prepared."""

    url = Address("api:act", {"act": "reference"})
    reference = serializers.CharField(read_only=True)
    initiator = OrganizationSerializer(read_only=True)

    class Meta:
        model = DraftAct
        fields = (
            "url", "reference", "number", "kind", "amending", "initiator", "title_ky", "title_ru", "state",
            "registered_at",
        )  # fmt: skip


class ScopePlaceSerializer(serializers.Serializer[Any]):
    """A provision in whose text or heading the portal found words; a language without any has an empty phrase."""

    eid = serializers.CharField()
    phrase_ky = serializers.CharField(allow_blank=True)
    rule_ky = serializers.CharField(allow_blank=True)
    phrase_ru = serializers.CharField(allow_blank=True)
    rule_ru = serializers.CharField(allow_blank=True)


class ScopeEvidenceSerializer(serializers.Serializer[Any]):
    """What the portal had found in both texts when the statement was signed, by topic, in the order of the text."""

    concerns_lsg = ScopePlaceSerializer(many=True)
    inter_budget = ScopePlaceSerializer(many=True)
    delegated_powers = ScopePlaceSerializer(many=True)


class ScopeSerializer(ReadSerializer):
    """The signed scope statement. `hash` is the SHA-256 of the UTF-8 bytes of `canonical`.

    Statements older than the evidence have null there, an empty `canonical` and no answer on delegated powers.
    """

    evidence = ScopeEvidenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ScopeStatement
        fields = (
            "touches_lsg", "where", "reason", "touches_inter_budget", "reason_inter_budget",
            "touches_delegated_powers", "reason_delegated_powers", "function_without_money", "evidence", "canonical",
            "hash", "signed_at",
        )  # fmt: skip


class ActDetailSerializer(ActSerializer):
    versions = Address("api:versions", {"act": "reference"})
    scope = ScopeSerializer(read_only=True, allow_null=True)
    package = serializers.SerializerMethodField()

    class Meta(ActSerializer.Meta):
        fields = (
            *ActSerializer.Meta.fields, "summary_ky", "summary_ru", "public_discussion_url", "scope", "withdrawn_at",
            "withdrawal_reason", "package", "versions",
        )  # fmt: skip

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_package(self, act: DraftAct) -> str | None:
        """The number of the bill whose package it is in, null without one: /packages/<number>/."""
        return packages.public_bill_of(act) or None


class TextSerializer(ReadSerializer):
    sha256 = serializers.CharField(source="file.sha256", read_only=True)
    size = serializers.IntegerField(source="file.size", read_only=True)
    docx = serializers.SerializerMethodField()
    akn = serializers.SerializerMethodField()

    class Meta:
        model = VersionText
        fields = (
            "language", "filename", "sha256", "size", "characters", "articles", "parser_version", "docx", "akn",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.URI)
    def get_docx(self, text: VersionText) -> str:
        """The structured text as a Word document."""
        return self._export(text, "docx")

    @extend_schema_field(OpenApiTypes.URI)
    def get_akn(self, text: VersionText) -> str:
        """The structured text as Akoma Ntoso 3.0."""
        return self._export(text, "xml")

    def _export(self, text: VersionText, form: str) -> str:
        version = text.version
        if version.frozen_at:
            name, args = "act_version_export", [version.act.number, version.number, text.language, form]
        else:
            name, args = "act_prepare_export", [version.act.token, text.language, form]
        return reverse(name, args=args, request=self.context.get("request"))


class RestrictionSerializer(ReadSerializer):
    """Why, by whom and until when (exclusive) the file of a paper is closed to the public."""

    class Meta:
        model = PaperRestriction
        fields = ("ground", "officer_name", "officer_position", "event", "lang", "ends_at")


class AttachmentSerializer(ReadSerializer):
    """A paper. Of a restricted one everybody sees that it exists; its file is described to nobody here."""

    filename = serializers.SerializerMethodField()
    sha256 = serializers.SerializerMethodField()
    size = serializers.SerializerMethodField()
    restriction = RestrictionSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Attachment
        fields = ("paper", "language", "title", "filename", "sha256", "size", "restriction")

    def get_filename(self, paper: Attachment) -> str | None:
        return None if paper.restriction else paper.filename

    def get_sha256(self, paper: Attachment) -> str | None:
        return None if paper.restriction else paper.file.sha256

    def get_size(self, paper: Attachment) -> int | None:
        return None if paper.restriction else paper.file.size


class FunctionSerializer(ReadSerializer):
    """A function that a provision creates, moves or removes; the sum in so'm a year."""

    no_source = serializers.BooleanField(source="without_source", read_only=True)

    class Meta:
        model = CardFunction
        fields = (
            "number", "eid", "change", "function", "holder_before", "holder_after", "power", "source", "yearly_som",
            "no_source", "lang",
        )  # fmt: skip


class NoFunctionSerializer(ReadSerializer):
    """The statement that the version creates, moves and removes no function."""

    class Meta:
        model = NoFunction
        fields = ("reason", "lang")


class VersionSerializer(ReadSerializer):
    url = Address("api:version", {"act": "act.reference", "version": "number"})
    act = serializers.CharField(source="act.reference", read_only=True)
    provisions = Address("api:provisions", {"act": "act.reference", "version": "number"})
    norms = Address("api:norms", {"act": "act.reference", "version": "number"})
    texts = TextSerializer(many=True, read_only=True)
    attachments = serializers.SerializerMethodField()
    functions = serializers.SerializerMethodField()
    no_function = serializers.SerializerMethodField()

    class Meta:
        model = DraftActVersion
        fields = (
            "url",
            "act",
            "number",
            "frozen_at",
            "text_hash",
            "texts",
            "attachments",
            "functions",
            "no_function",
            "provisions",
            "norms",
        )

    @extend_schema_field(FunctionSerializer(many=True))
    def get_functions(self, version: DraftActVersion) -> Any:
        rows = sorted(version.functions.all(), key=lambda row: row.number)
        return FunctionSerializer(rows, many=True, context=self.context).data

    @extend_schema_field(NoFunctionSerializer(allow_null=True))
    def get_no_function(self, version: DraftActVersion) -> Any:
        found = getattr(version, "no_function", None)
        return NoFunctionSerializer(found, context=self.context).data if found else None

    @extend_schema_field(AttachmentSerializer(many=True))
    def get_attachments(self, version: DraftActVersion) -> Any:
        papers = version.attachments.all()
        selectors.mark_restricted(version.act, papers, clock.now())
        return AttachmentSerializer(papers, many=True, context=self.context).data


class ProvisionSerializer(ReadSerializer):
    """A structural element in both languages; what one language lacks is empty there."""

    url = Address(
        "api:provision", {"act": "version.act.reference", "version": "version.number", "eid": "eid"}
    )
    parent = serializers.CharField(source="parent_eid", read_only=True)

    class Meta:
        model = Provision
        fields = (
            "url", "eid", "parent", "kind", "number", "depth", "position", "in_ky", "label_ky", "heading_ky",
            "text_ky", "in_ru", "label_ru", "heading_ru", "text_ru",
        )  # fmt: skip


class NormSerializer(ReadSerializer):
    """A reference norm of a version: where the text leaves a rule to a bylaw, and what was decided about it."""

    url = Address("api:norm", {"act": "version.act.reference", "version": "version.number", "norm": "number"})

    class Meta:
        model = ReferenceNorm
        fields = (
            "url", "number", "eid", "authority", "origin", "state", "reason", "lang", "decided_at",
            "phrase_ky", "start_ky", "body_ky", "delegated_ky", "phrase_ru", "start_ru", "body_ru", "delegated_ru",
        )  # fmt: skip


class PackageMemberSerializer(ReadSerializer):
    """An act of a package, and the numbers of the bill's confirmed reference norms that it fulfils."""

    url = Address("api:act", {"act": "act.number"})
    number = serializers.CharField(source="act.number", read_only=True)
    kind = serializers.ChoiceField(source="act.kind", choices=ActKind.choices, read_only=True)
    title_ky = serializers.CharField(source="act.title_ky", read_only=True)
    title_ru = serializers.CharField(source="act.title_ru", read_only=True)
    state = serializers.ChoiceField(source="act.state", choices=ActState.choices, read_only=True)
    fulfils = serializers.SerializerMethodField()

    class Meta:
        model = PackageMember
        fields = ("url", "number", "kind", "title_ky", "title_ru", "state", "is_bill", "fulfils")

    def get_fulfils(self, member: PackageMember) -> list[int]:
        return [norm.number for norm in member.norms.all()]


class PackageSerializer(ReadSerializer):
    """A bill with the drafts of its bylaws that are public. `number` is that of the package list, null until the
    package is frozen.
    """

    url = Address("api:package", {"bill": "bill"})
    bill = serializers.CharField(read_only=True)
    acts = PackageMemberSerializer(source="members", many=True, read_only=True)

    class Meta:
        model = ActPackage
        fields = ("url", "bill", "number", "frozen_at", "acts")
