"""When the steps of this stage were taken, for an outage that asks whether their term was kept."""

from collections.abc import Collection
from datetime import datetime, time

from django.db.models import Min

from apps.core.clock import BISHKEK
from apps.deadlines.enums import Stage
from apps.reviews.outages import finishes

from .enums import ProtocolState
from .models import AgendaPoint, AgreementProtocol


@finishes(Stage.CONCILIATION_CALL, Stage.CONCILIATION_HOLD)
def met(review_ids: Collection[int]) -> dict[int, datetime]:
    """A meeting counts from the morning of its day, whenever it was recorded."""
    rows = (
        AgendaPoint.objects.filter(remark__opinion__review_links__review_id__in=review_ids)
        .values_list("remark__opinion__review_links__review_id")
        .annotate(day=Min("meeting__day"))
        .order_by()
    )
    return {review_id: datetime.combine(day, time.min, BISHKEK) for review_id, day in rows}


@finishes(Stage.SIGNING)
def signed(review_ids: Collection[int]) -> dict[int, datetime]:
    """A protocol is signed when both sides have."""
    rows = AgreementProtocol.objects.filter(review_id__in=review_ids, state=ProtocolState.SIGNED)
    return {review_id: at for review_id, at in rows.values_list("review_id", "signed_at") if at}
