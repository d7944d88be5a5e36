"""Publish rows of the outbox again, N messages in all, and wait until the queues are empty: `python redeliver.py N`."""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultation_portal.settings")

import django

django.setup()

from celery import current_app
from django.conf import settings
from redis import Redis

from apps.notifications.models import OutboxMessage

rows = list(OutboxMessage.objects.values_list("pk", "task"))
dice, wanted, sent = random.Random(8), int(sys.argv[1]), 0
redis = Redis.from_url(settings.REDIS_URL)


def waiting() -> int:
    """Messages nobody has taken yet, and those a worker is at."""
    queues = set(current_app.amqp.queues) | {"celery", "documents", "unacked"}
    return sum(redis.llen(name) if redis.type(name) == b"list" else 0 for name in queues) + redis.hlen(
        "unacked"
    )


with current_app.connection_for_write() as broker:
    while sent < wanted:
        pk, task = dice.choice(rows)
        current_app.send_task(task, args=[pk], connection=broker, retry=False)
        sent += 1
until = time.monotonic() + 900
while waiting() and time.monotonic() < until:
    time.sleep(0.5)
print(sent if not waiting() else 0)
