"""`manage.py load_reference`: what an installation needs before its first act. Safe to run at every start."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from apps.core import clock
from apps.deadlines import services as deadlines
from apps.organizations import services as organizations
from apps.territories import services as territories


class Command(BaseCommand):
    help = "Load territories, calendar, procedure templates and institutions. Rows that are already there stay as they are."
    requires_system_checks: list[str] = []

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        territories.load_territories()
        deadlines.seed_calendar()
        deadlines.seed_templates()
        organizations.seed_institutions(at=clock.now())
