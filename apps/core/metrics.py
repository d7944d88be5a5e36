"""Prometheus figures: requests by view and status, and what the stages register about their queues."""

import hmac
import os
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

requests_total = Counter("portal_requests_total", "Requests answered.", ["method", "view", "status"])
request_seconds = Histogram(
    "portal_request_seconds",
    "Time to answer a request.",
    ["view"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)

_gauges: dict[str, tuple[str, Callable[[], float]]] = {}


def register_gauge(name: str, description: str, read: Callable[[], float]) -> None:
    """A figure read from the database at each scrape, e.g. ("portal_outbox_pending", "Letters waiting.", count)."""
    _gauges[name] = (description, read)


class _Gauges(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (description, read) in sorted(_gauges.items()):
            yield GaugeMetricFamily(name, description, value=read())


def _may_read(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}")
    return (
        request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and "X-Forwarded-For" not in request.headers
    )


@login_not_required
@never_cache
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """The figures: with METRICS_TOKEN for who shows it, otherwise for callers on this machine only."""
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        figures = generate_latest(registry)
    else:
        figures = generate_latest(REGISTRY)
    queues = CollectorRegistry()
    queues.register(_Gauges())
    return HttpResponse(figures + generate_latest(queues), content_type=CONTENT_TYPE_LATEST)
