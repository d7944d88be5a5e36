"""An Idempotency-Key of the API: the same key gives the same answer, and the work is done once."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

from ..models import IdempotencyRecord


class KeyReused(DomainError):
    """The same key came with another request: one of the two is a mistake."""

    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was used for another request. Nothing was changed.")


@transaction.atomic
def with_idempotency(
    *,
    actor: Any,
    use_case: str,
    key: str,
    request: Any,
    at: datetime,
    run: Callable[[], tuple[int, Any]],
) -> tuple[int, Any]:
    """(status, body) of `run`, done once for (actor, use_case, key); repeated, the stored answer comes back.

    `request` is the JSON of the request: another one under the same key raises KeyReused. When `run` raises, nothing is
    kept, and the same key may be tried again.
    """
    digest = hashlib.sha256(json.dumps(request, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{actor.pk}:{use_case}:{key}"]
        )
    known = IdempotencyRecord.objects.filter(user=actor, use_case=use_case, key=key).first()
    if known is not None:
        if known.request_hash != digest:
            raise KeyReused()
        return known.status, known.response
    status, body = run()
    IdempotencyRecord.objects.create(
        user=actor,
        use_case=use_case,
        key=key,
        request_hash=digest,
        status=status,
        response=body,
        created_at=at,
    )
    return status, body
