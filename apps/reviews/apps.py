from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "apps.reviews"

    def ready(self) -> None:
        from . import documents, messages, paper_messages, place_messages  # noqa: F401
