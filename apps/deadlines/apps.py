from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "apps.deadlines"

    def ready(self) -> None:
        from . import messages  # noqa: F401 - registers the letters
