"""The floor of a page: Django with its ordinary middleware, one indexed SELECT of 20 rows, one template.

A portal page cannot be quicker than this on the same machine in the same minute. Served by the same gunicorn with the
same workers, from the same table, over a connection that stays open. `/constant` is a view that does nothing.
"""

import os

import dj_database_url
import django
from django.conf import settings

settings.configure(
    SECRET_KEY="floor",
    ALLOWED_HOSTS=["*"],
    DATABASES={
        "default": dj_database_url.parse(
            os.environ["DATABASE_URL"], conn_max_age=None, conn_health_checks=True
        )
    },
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    TIME_ZONE="Asia/Bishkek",
    LANGUAGE_CODE="ru",
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [
                            (
                                "django.template.loaders.locmem.Loader",
                                {
                                    "base.html": """<!doctype html><html lang="ru"><head><meta charset="utf-8">
<title>{% block title %}{% endblock %}</title></head><body><header><nav><a href="{% url 'list' %}">Акты</a></nav></header>
<main>{% block main %}{% endblock %}</main></body></html>""",
                                    "list.html": """{% extends "base.html" %}{% block title %}Акты{% endblock %}
{% block main %}<h1>Акты</h1><ol>{% for act in acts %}<li><a href="{% url 'one' act.number %}">№ {{ act.number }}</a>
<h2>{{ act.title_ru }}</h2><p lang="ky">{{ act.title_ky|truncatechars:90 }}</p><span>{{ act.kind }}</span>
{% if act.state == "in_consultation" %}<b>{{ act.state }}</b>{% else %}<i>{{ act.state }}</i>{% endif %}
<time datetime="{{ act.registered_at|date:'c' }}">{{ act.registered_at|date:'j E Y' }}</time></li>{% endfor %}</ol>
{% endblock %}""",
                                },
                            )
                        ],
                    )
                ]
            },
        }
    ],
)
django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


class Act(models.Model):
    number = models.CharField(max_length=12)
    kind = models.CharField(max_length=40)
    title_ky = models.TextField()
    title_ru = models.TextField()
    state = models.CharField(max_length=20)
    registered_at = models.DateTimeField()

    class Meta:
        app_label = "floor"
        managed = False
        db_table = "draft_acts_draftact"


def page(request: HttpRequest) -> HttpResponse:
    acts = Act.objects.exclude(state="preparing").order_by("-registered_at", "-pk")[:20]
    return render(request, "list.html", {"acts": acts})


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("", page, name="list"),
    path("constant", constant),
    path("<str:number>/", page, name="one"),
]
application = get_wsgi_application()
