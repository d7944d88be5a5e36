"""Addresses. Pages carry the language first (/ky/…); machine addresses do not."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from .api_urls import urlpatterns as api_urlpatterns

PAGES = ["core", "accounts", "organizations", "draft_acts", "reviews", "protocols", "passage", "register"]

urlpatterns = [
    path("", login_not_required(RedirectView.as_view(pattern_name="home")), name="root"),
    *i18n_patterns(*[path("", include(f"apps.{app}.urls")) for app in PAGES], prefix_default_language=True),
    path("", include("apps.core.machine_urls")),  # health, metrics
    *api_urlpatterns,
]

handler400 = "apps.core.views.bad_request"
handler403 = "apps.core.views.permission_denied"
handler404 = "apps.core.views.page_not_found"
handler500 = "apps.core.views.server_error"
