"""The demonstration set, made once: `script/server` runs it where PORTAL_DEMO=1."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core import clock
from apps.draft_acts.models import DraftAct
from apps.register.demo import acts, cast


class Command(BaseCommand):
    help = (
        "Load the demonstration set: an account a role, an act in each state. Does nothing the second time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PORTAL_DEMO:
            raise CommandError("The demonstration set is loaded only where PORTAL_DEMO=1.")
        now = clock.now()
        if DraftAct.objects.filter(is_demo=True).exists():
            self.stderr.write("The demonstration set is there.")
            return
        long_ago = now.replace(year=now.year - 1, month=1, day=15)
        with clock.frozen(long_ago):
            people = cast.load(at=long_ago)
        made = acts.make(people, now)
        self.stderr.write(f"{len(people)} people, {len(made)} acts.")
