"""Addresses. Pages carry the language first (/ky/…); machine addresses do not."""

from importlib import import_module
from importlib.util import find_spec

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

PAGES = ["core", "accounts", "organizations", "draft_acts", "reviews", "protocols", "passage", "register"]


def _pages() -> list:
    return [path("", include(f"apps.{app}.urls")) for app in PAGES if find_spec(f"apps.{app}.urls")]


urlpatterns = [
    path("", login_not_required(RedirectView.as_view(pattern_name="home")), name="root"),
    *i18n_patterns(*_pages(), prefix_default_language=True),
]
for module in ("apps.core.machine_urls", "consultation_portal.api_urls"):  # health, metrics; the API
    if find_spec(module):
        urlpatterns += import_module(module).urlpatterns

handler400 = "apps.core.views.bad_request"
handler403 = "apps.core.views.permission_denied"
handler404 = "apps.core.views.page_not_found"
handler500 = "apps.core.views.server_error"
