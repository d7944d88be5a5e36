import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultation_portal.settings")
application = get_wsgi_application()


def _before_the_first_visitor() -> None:
    """What the first request would import and read, and everybody after a restart would wait for."""
    from django.conf import settings
    from django.urls import get_resolver
    from django.utils import translation

    from apps.register import conditional

    _ = get_resolver().url_patterns
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("Search")
    conditional.program()  # of the files as they are now: a newer version may come to lie there


_before_the_first_visitor()
