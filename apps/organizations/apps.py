from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "apps.organizations"

    def ready(self) -> None:
        from . import messages  # noqa: F401 - registers the letters
