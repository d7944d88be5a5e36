"""Celery tasks of the outbox. The argument is the outbox row's id; the row says the rest."""

from celery import shared_task

from apps.core import clock

from . import delivery


@shared_task(name="notifications.deliver")
def deliver(outbox_id: int) -> None:
    delivery.deliver(outbox_id=outbox_id, at=clock.now())
