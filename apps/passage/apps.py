from django.apps import AppConfig


class PassageConfig(AppConfig):
    name = "apps.passage"

    def ready(self) -> None:
        from . import documents, messages  # noqa: F401
