"""Steps of the procedure by program: the same services as the pages, by session only, once for a key."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import signing
from apps.core.api.schema import IDEMPOTENCY_KEY, refusals
from apps.core.api.views import UseCaseView
from apps.core.errors import require

from .. import policies, services
from . import serializers
from .viewsets import review_in_address


class OpinionSubmitView(UseCaseView):
    """Countersign and file the opinion of an association."""

    tag = "reviews"

    @extend_schema(
        operation_id="opinion_submit",
        summary=_("Countersign and file an opinion"),
        description=_(
            "201 with the receipt; 200 with the receipt of the filed opinion when it was filed before."
        ),
        parameters=[IDEMPOTENCY_KEY],
        request=serializers.SubmitSerializer,
        responses={
            201: serializers.ReceiptSerializer,
            200: serializers.ReceiptSerializer,
            **refusals(400, 403, 404, 409, 429),
        },
    )
    def post(self, request: Request, act: str, association: str) -> Response:
        review = review_in_address(request.user, act, association)
        require(policies.can_sign_opinion(request.user, review))
        key, body, at = self.key(), self.body(serializers.SubmitSerializer), request.received_at
        signing.require_answer(request._request, body.pop("code"))

        def run() -> tuple[int, Any]:
            receipt = services.submit_opinion(
                actor=request.user, review_id=review.pk, edit_version=body["edit_version"], received_at=at
            )
            status = 201 if receipt.received_at == at else 200
            return status, dict(serializers.ReceiptSerializer(receipt).data)

        status, answer = services.with_idempotency(
            actor=request.user,
            use_case="opinion.submit",
            key=key,
            request={"act": act, "association": association, **body},
            at=at,
            run=run,
        )
        return Response(answer, status=status)


class AnswersSendView(UseCaseView):
    """Send all answers to an opinion together."""

    tag = "answers"

    @extend_schema(
        operation_id="answers_send",
        summary=_("Send all answers to an opinion together"),
        description=_("Refused with the list of remarks that have no whole answer yet."),
        parameters=[IDEMPOTENCY_KEY],
        request=serializers.NothingSerializer,
        responses={200: serializers.AnswersSentSerializer, **refusals(400, 403, 404, 409)},
    )
    def post(self, request: Request, act: str, association: str) -> Response:
        review = review_in_address(request.user, act, association)
        key, at = self.key(), request.received_at
        self.body(serializers.NothingSerializer)

        def run() -> tuple[int, Any]:
            sent = services.send_answers(actor=request.user, review_id=review.pk, at=at)
            return 200, dict(serializers.AnswersSentSerializer(sent).data)

        status, answer = services.with_idempotency(
            actor=request.user,
            use_case="answers.send",
            key=key,
            request={"act": act, "association": association},
            at=at,
            run=run,
        )
        return Response(answer, status=status)
