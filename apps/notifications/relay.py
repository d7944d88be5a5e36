"""The relay: takes due rows of the outbox and publishes them to Celery. Waits on LISTEN, looks once a second anyway.

Nothing on a person's path talks to Redis; this process does, and none of its waits is longer than about a second.
It outlives restarts of PostgreSQL and Redis: what could not be published stays due.
"""

import logging
import select
import time

from celery import current_app
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from kombu.exceptions import OperationalError as BrokerError
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from apps.core import clock, health

from . import services

logger = logging.getLogger(__name__)

POLL = 1.0  # seconds between looks when nobody notifies
HEARTBEAT = 5.0  # seconds between two signs of life


class Relay:
    """`run()` until `stop()`; `publish_due()` once is what it does each time it wakes."""

    def __init__(self) -> None:
        self._stopping = False
        self._listening = False
        self._last_beat = 0.0
        # Asked first: it gives up after a second, without the retries of the broker's client.
        self._redis = Redis.from_url(
            settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)
        )

    def stop(self) -> None:
        self._stopping = True

    def run(self) -> None:
        while not self._stopping:
            try:
                self._listen()
                self._beat()
                full = self.publish_due() == services.BATCH
                if not full:
                    self._wait()
            except DatabaseError as problem:
                logger.warning("relay: the database does not answer: %s", type(problem).__name__)
                self._disconnect()
                time.sleep(POLL)
        self._disconnect()

    def publish_due(self) -> int:
        """Publish what is due; how many messages went out. Rows stay due while Redis does not answer."""
        if not self._broker_answers():
            return 0
        at = clock.now()
        rows = services.claim_due(at=at)
        published = 0
        try:
            with current_app.connection_for_write() as broker:
                for outbox_id, task in rows:
                    current_app.send_task(task, args=[outbox_id], connection=broker, retry=False)
                    published += 1
        except (BrokerError, RedisError, OSError) as problem:
            logger.warning("relay: Redis does not take messages: %s", type(problem).__name__)
            services.give_back([outbox_id for outbox_id, _ in rows[published:]], at=at)
        return published

    def _broker_answers(self) -> bool:
        try:
            return bool(self._redis.ping())
        except (RedisError, OSError) as problem:
            logger.warning("relay: Redis does not answer: %s", type(problem).__name__)
            self._redis.connection_pool.disconnect()
            return False

    def _listen(self) -> None:
        if not self._listening:
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {services.CHANNEL}")
            self._listening = True

    def _beat(self) -> None:
        if time.monotonic() - self._last_beat >= HEARTBEAT:
            health.heartbeat("relay", at=clock.now())
            self._last_beat = time.monotonic()

    def _wait(self) -> None:
        """Until a notification comes or a second has passed."""
        raw = connection.connection
        if not raw.notifies:  # one may have come in with the last answer
            select.select([raw], [], [], POLL)
            with connection.wrap_database_errors:  # the driver's own error says that PostgreSQL has gone
                raw.poll()
        raw.notifies.clear()

    def _disconnect(self) -> None:
        self._listening = False
        try:
            connection.close()
        except DatabaseError:
            connection.connection = None
