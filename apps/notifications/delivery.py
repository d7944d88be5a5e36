"""Delivering letters by e-mail. Safe to run twice.

Another plot than a use-case's: nobody acts here, so there is no policy and no journal row; the lock is the outbox row.
"""

import logging
import smtplib
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction

from . import registry, rendering, services
from .models import OutboxMessage, OutboxState

logger = logging.getLogger(__name__)


def deliver(*, outbox_id: int, at: datetime) -> str:
    """Send one letter, once. Returns the row's state, or "busy" while another worker holds it.

    The row stays locked while the letter goes out, so that a second message about it finds it busy or done.
    """
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("recipient")
            .filter(pk=outbox_id)
            .first()
        )
        if message is None:
            return "busy"
        if message.state != OutboxState.PENDING or not message.template:
            return message.state
        try:
            assert message.recipient is not None  # a row with a template has one: a CHECK of the table
            person = message.recipient
            skipped = not (person.is_active or registry.registration(message.template).to_inactive)
            skipped = skipped or person.contacts_erased_at is not None
            if not skipped:
                with transaction.atomic():  # a failed query of a builder must not spoil what is noted below
                    _send(message)
        except Exception as failure:  # whatever it is, the letter waits and the queue moves on
            logger.warning("letter %s not sent: %s", outbox_id, type(failure).__name__, exc_info=True)
            given_up = services.mark_failed_attempt(
                outbox_id=outbox_id, problem=type(failure).__name__, at=at, final=_hopeless(failure)
            )
            return OutboxState.FAILED if given_up else OutboxState.PENDING
        message.state = OutboxState.SKIPPED if skipped else OutboxState.DONE
        message.done_at = at
        message.problem = ""
        message.save(update_fields=["state", "done_at", "problem"])
        return message.state


def _send(message: OutboxMessage) -> None:
    assert message.recipient is not None
    letter = rendering.render(message)
    if settings.EMAIL_KEPT:
        return  # rendered all the same: a letter that cannot be made is found in the demo, not in production
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[message.recipient.email],
        # The same at each attempt: a mail server can tell a repeated letter.
        headers={
            "Message-ID": f"<outbox-{message.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(),
    )
    mail.attach_alternative(letter.html, "text/html")
    mail.send()


def _hopeless(failure: Exception) -> bool:
    """The mail server said for good that there is no such address."""
    return isinstance(failure, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in failure.recipients.values()
    )
