from django.conf import settings
from django.urls import path

from apps.core import views

urlpatterns = []
if settings.DEBUG or settings.TESTING:
    urlpatterns += [path("styleguide/", views.styleguide, name="styleguide")]
