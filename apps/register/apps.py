from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "apps.register"

    def ready(self) -> None:
        from apps.core import health

        from . import gauges, messages, standing  # noqa: F401
        from .selectors import health as state

        gauges.register()
        health.inform("scheduler", state.scheduler_word)
        health.inform("outbox", state.outbox_word)
