from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "apps.register"

    def ready(self) -> None:
        from . import standing  # noqa: F401
