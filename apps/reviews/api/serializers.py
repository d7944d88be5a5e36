"""A consultation as it is read. Persons are not named here: organisations speak."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.api.fields import Address, ReadSerializer, UTCDateTimeField
from apps.draft_acts.api.serializers import OrganizationSerializer

from ..enums import ReviewStage, Silent
from ..models import (
    ClosingNote,
    Consultation,
    LeftOut,
    PaperOpinion,
    Receipt,
    Remark,
    RemarkAnswer,
    Reply,
    Review,
    ReviewOpinion,
    Term,
)

REVIEW = {"act": "consultation.act.reference", "association": "association.code"}
REMARK = {"receipt": "opinion.receipt.number", "remark": "number"}


class LeftOutSerializer(ReadSerializer):
    association = serializers.CharField(source="association.code", read_only=True)

    class Meta:
        model = LeftOut
        fields = ("association", "reason")


class ReviewInConsultationSerializer(ReadSerializer):
    association = serializers.CharField(source="association.code", read_only=True)

    class Meta:
        model = Review
        fields = ("association", "sent_at", "due_at", "filed_at")


class ConsultationSerializer(ReadSerializer):
    """One round on one version of an act."""

    url = Address("api:consultation", {"act": "act.reference", "round": "round"})
    act = serializers.CharField(source="act.reference", read_only=True)
    version = serializers.IntegerField(source="version.number", read_only=True)
    template = serializers.CharField(source="template.code", read_only=True)
    reviews = ReviewInConsultationSerializer(many=True, read_only=True)
    left_out = LeftOutSerializer(many=True, read_only=True)

    class Meta:
        model = Consultation
        fields = ("url", "act", "round", "kind", "version", "template", "opened_at", "reviews", "left_out")


class TermSerializer(ReadSerializer):
    """A term; of a stage the last one rules. `due_at` is exclusive."""

    class Meta:
        model = Term
        fields = ("stage", "sequence", "start", "length", "unit", "last_day", "due_at", "cause")


class ClosingNoteSerializer(ReadSerializer):
    class Meta:
        model = ClosingNote
        fields = ("kind", "number", "issued_at", "content_hash")


class ReviewSerializer(ReadSerializer):
    """One association in one round. `stage`, `silent` and `terms` are computed from the facts and the present moment.

    `silent`: whose answers or replies did not come in time, so that the rule of silence holds instead.
    """

    url = Address("api:review", REVIEW)
    opinion = Address("api:review-opinion", REVIEW)
    act = serializers.CharField(source="consultation.act.reference", read_only=True)
    round = serializers.IntegerField(source="consultation.round", read_only=True)
    version = serializers.IntegerField(source="consultation.version.number", read_only=True)
    association = OrganizationSerializer(read_only=True)
    stage = serializers.ChoiceField(source="stage_now", choices=ReviewStage.choices, read_only=True)
    silent = serializers.ChoiceField(
        source="silent_now", choices=[("", _("nobody")), *Silent.choices], read_only=True
    )
    terms = TermSerializer(source="terms_now", many=True, read_only=True)
    closing_note = ClosingNoteSerializer(read_only=True, allow_null=True, default=None)

    class Meta:
        model = Review
        fields = (
            "url", "act", "round", "version", "association", "stage", "silent", "sent_at", "deemed_at", "acknowledged_at",
            "due_at", "filed_at", "effect_established_at", "answers_sent_at", "replies_sent_at", "taken_up_at", "terms",
            "closing_note", "opinion",
        )  # fmt: skip


class ReplySerializer(ReadSerializer):
    class Meta:
        model = Reply
        fields = ("outcome", "text", "lang", "sent_at")


class AnswerInRemarkSerializer(ReadSerializer):
    reply = ReplySerializer(read_only=True, allow_null=True, default=None)

    class Meta:
        model = RemarkAnswer
        fields = ("outcome", "reason", "wording", "lang", "sent_at", "reply")


class AnswerSerializer(AnswerInRemarkSerializer):
    """The ministry's answer to one remark, and the association's reply to it. `sent_at` is empty in a draft."""

    url = Address("api:answer", {"receipt": "remark.opinion.receipt.number", "remark": "remark.number"})
    act = serializers.CharField(source="remark.provision.version.act.reference", read_only=True)
    association = serializers.CharField(source="remark.opinion.author.code", read_only=True)
    receipt = serializers.CharField(source="remark.opinion.receipt.number", read_only=True)
    remark = serializers.IntegerField(source="remark.number", read_only=True)

    class Meta(AnswerInRemarkSerializer.Meta):
        fields = ("url", "act", "association", "receipt", "remark", *AnswerInRemarkSerializer.Meta.fields)


class RemarkTextSerializer(ReadSerializer):
    """What a remark says."""

    eid = serializers.CharField(source="provision.eid", read_only=True)

    class Meta:
        model = Remark
        fields = (
            "number", "eid", "kind", "lang", "text", "proposed_wording", "reasoning", "state_interest",
            "local_interest", "withdrawn_at",
        )  # fmt: skip


class RemarkSerializer(RemarkTextSerializer):
    """A remark of a filed opinion with the answer to it."""

    url = Address("api:remark", REMARK)
    act = serializers.CharField(source="provision.version.act.reference", read_only=True)
    version = serializers.IntegerField(source="provision.version.number", read_only=True)
    association = serializers.CharField(source="opinion.author.code", read_only=True)
    receipt = serializers.CharField(source="opinion.receipt.number", read_only=True)
    answer = AnswerInRemarkSerializer(read_only=True, allow_null=True, default=None)

    class Meta(RemarkTextSerializer.Meta):
        fields = (
            "url", "act", "version", "association", "receipt", *RemarkTextSerializer.Meta.fields, "answer",
        )  # fmt: skip


class PaperSerializer(ReadSerializer):
    """An opinion that came outside the portal: who entered it from what, and when the association confirmed it."""

    receiver = OrganizationSerializer(source="organization", read_only=True)
    confirmed_at = UTCDateTimeField(source="decided_at", read_only=True)

    class Meta:
        model = PaperOpinion
        fields = ("channel", "receiver", "incoming_number", "received_at", "entered_at", "confirmed_at")


class OpinionSerializer(ReadSerializer):
    """An opinion in a review. `receipt` and `submitted_at` are empty in a draft, which only its authors see."""

    receipt = serializers.CharField(
        source="opinion.receipt.number", read_only=True, allow_null=True, default=None
    )
    act = serializers.CharField(source="review.consultation.act.reference", read_only=True)
    round = serializers.IntegerField(source="review.consultation.round", read_only=True)
    association = OrganizationSerializer(source="review.association", read_only=True)
    review = Address(
        "api:review", {"act": "review.consultation.act.reference", "association": "review.association.code"}
    )
    verdict = serializers.CharField(source="opinion.verdict", read_only=True)
    statement = serializers.CharField(source="opinion.statement", read_only=True)
    lang = serializers.CharField(source="opinion.lang", read_only=True)
    edit_version = serializers.IntegerField(source="opinion.edit_version", read_only=True)
    submitted_at = UTCDateTimeField(source="opinion.submitted_at", read_only=True)
    due_at = UTCDateTimeField(source="opinion.receipt.due_at", read_only=True, allow_null=True, default=None)
    content_hash = serializers.CharField(source="opinion.content_hash", read_only=True)
    paper = PaperSerializer(source="opinion.paper", read_only=True, allow_null=True, default=None)

    class Meta:
        model = ReviewOpinion
        fields = (
            "receipt", "act", "round", "association", "review", "state", "late", "verdict", "statement", "lang",
            "edit_version", "submitted_at", "due_at", "content_hash", "paper",
        )  # fmt: skip


class OpinionDetailSerializer(OpinionSerializer):
    remarks = RemarkTextSerializer(source="opinion.remarks", many=True, read_only=True)

    class Meta(OpinionSerializer.Meta):
        fields = (*OpinionSerializer.Meta.fields, "remarks")


class OpinionsOfReviewSerializer(serializers.Serializer):
    """The opinion in force, and for the association's own people the one being written."""

    in_force = OpinionDetailSerializer(allow_null=True)
    draft = OpinionDetailSerializer(allow_null=True)


# --- use-cases --------------------------------------------------------------------------------------


class SubmitSerializer(serializers.Serializer):
    """`edit_version` is that of the draft the signatory has read; `code` is one of the second factor.

    The code may be left out for five minutes after the session has given one.
    """

    edit_version = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    code = serializers.CharField(max_length=40, required=False, default="", write_only=True)


class NothingSerializer(serializers.Serializer):
    """An empty object."""


class ReceiptSerializer(ReadSerializer):
    """Proof of filing."""

    act = serializers.CharField(source="review.consultation.act.reference", read_only=True)
    association = serializers.CharField(source="review.association.code", read_only=True)

    class Meta:
        model = Receipt
        fields = ("number", "act", "association", "received_at", "due_at", "late", "content_hash")


class AnswersSentSerializer(ReadSerializer):
    act = serializers.CharField(source="consultation.act.reference", read_only=True)
    association = serializers.CharField(source="association.code", read_only=True)

    class Meta:
        model = Review
        fields = ("act", "association", "answers_sent_at")
