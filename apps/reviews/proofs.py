"""What the rows prove of an expired term, as conditions of a query: the same everywhere it is asked.

An expiry is tacit ("no objection by expiry", never "agreed") when all of them hold. Time and rows decide, no job.
"""

from datetime import timedelta

from django.apps import apps
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, Subquery
from django.db.models.expressions import NegatedExpression
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Substr

from apps.deadlines.enums import Silence, Stage
from apps.deadlines.models import ANY_KIND, RequiredPaper
from apps.draft_acts.models import Attachment, VersionText
from apps.notifications.models import OutboxMessage, OutboxState

from .enums import ReminderState

# The last day begins 24 hours before the exclusive end: Bishkek keeps one offset all year.
LAST_DAY = timedelta(days=1)
REMINDER = "reviews.reminder"


def silence_counts() -> Q:
    """Silence may have an effect at all: by the procedure, and the act gives no function without money."""
    return Q(
        consultation__template__silence=Silence.TACIT,
        consultation__act__scope__function_without_money=False,
    )


def package_complete() -> NegatedExpression:
    """Every paper that the procedure asks for stands in the version that was sent, both texts confirmed."""
    version = OuterRef(OuterRef("consultation__version"))
    text = VersionText.objects.filter(
        version=version, confirmed_at__isnull=False, language=Substr(OuterRef("paper"), len("text_") + 1)
    )
    return ~Exists(
        RequiredPaper.objects.filter(
            Q(act_kind=ANY_KIND) | Q(act_kind=OuterRef("consultation__act__kind")),
            Q(amending_only=False) | Q(amending_only=OuterRef("consultation__act__amending")),
            template=OuterRef("consultation__template"),
        ).exclude(
            Q(Exists(Attachment.objects.filter(version=version, paper=OuterRef("paper"))))
            | Q(paper__startswith="text_") & Q(Exists(text))
        )
    )


def delivered() -> Q:
    """Acknowledged, or deemed delivered by time, before the term ended."""
    return Q(deemed_at__lt=F("due_at")) | Q(acknowledged_at__lt=F("due_at"))


def reminded() -> Exists:
    """At least one reminder of the term that rules was handed to the mail server before the last day began."""
    Reminder, Term = apps.get_model("reviews", "Reminder"), apps.get_model("reviews", "Term")
    ruling = Term.objects.filter(review=OuterRef("review"), stage=Stage.OPINION).order_by("-sequence")
    letters = (
        OutboxMessage.objects.filter(act_id=OuterRef("review__consultation__act"), template=REMINDER)
        .alias(reminder=Cast(KeyTextTransform("reminder_id", "payload"), BigIntegerField()))
        .filter(
            reminder=OuterRef("pk"),
            state=OutboxState.DONE,
            done_at__lt=OuterRef("review__due_at") - LAST_DAY,
        )
    )
    return Exists(
        Reminder.objects.filter(
            Exists(letters),
            review=OuterRef("pk"),
            state=ReminderState.SENT,
            term__start=Subquery(ruling.values("start")[:1]),
        )
    )
