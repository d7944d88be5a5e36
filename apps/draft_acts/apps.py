from django.apps import AppConfig


class DraftActsConfig(AppConfig):
    name = "apps.draft_acts"

    def ready(self) -> None:
        from . import messages  # noqa: F401  the letters of this stage register themselves
