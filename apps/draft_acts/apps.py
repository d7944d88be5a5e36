from django.apps import AppConfig


class DraftActsConfig(AppConfig):
    name = "apps.draft_acts"

    def ready(self) -> None:
        from . import documents, messages  # noqa: F401  letters and documents of this stage register themselves
