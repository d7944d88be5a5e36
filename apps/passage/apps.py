from django.apps import AppConfig


class PassageConfig(AppConfig):
    name = "apps.passage"
