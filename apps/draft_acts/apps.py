from django.apps import AppConfig


class DraftActsConfig(AppConfig):
    name = "apps.draft_acts"
