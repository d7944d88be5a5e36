from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "apps.protocols"

    def ready(self) -> None:
        from . import documents, finishing, messages  # noqa: F401
