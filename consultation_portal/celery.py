"""The Celery application. Redis is its broker and nothing else; every task is idempotent."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultation_portal.settings")

app = Celery("consultation_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
