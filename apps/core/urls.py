from django.conf import settings
from django.urls import path

from apps.core import kept, views

urlpatterns = [path("kept-text/", kept.kept_text, name="kept_text")]
if settings.DEBUG or settings.TESTING:
    urlpatterns += [path("styleguide/", views.styleguide, name="styleguide")]
