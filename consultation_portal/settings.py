"""One settings file. Everything that differs between installations comes from the environment;
what is missing or contradictory stops the start with a sentence that says what to set.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from celery.schedules import schedule
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str | None = None) -> str:
    """The value of an environment variable; without a default a missing one stops the start."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example, or start with script/server.")
    return value


def env_bool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value not in {"0", "1", "true", "false", "yes", "no", "on", "off", ""}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value in {"1", "true", "yes", "on"}


def env_number(name: str, default: int = 0) -> int:
    """A whole number from 0 on; a variable that is set and left empty counts as not set."""
    value = os.environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number such as 0 or 1, not {value!r}.")
    return int(value)


# --- what this installation is ---------------------------------------------------------------
DEBUG = env_bool("PORTAL_DEBUG")
TESTING = env_bool("PORTAL_TESTING")
PORTAL_DEMO = env_bool("PORTAL_DEMO")
try:
    PORTAL_CLOCK_OFFSET = float(env("PORTAL_CLOCK_OFFSET", "0") or 0)
except ValueError as wrong:
    raise ImproperlyConfigured("PORTAL_CLOCK_OFFSET must be a number of seconds such as 3600.") from wrong
if PORTAL_CLOCK_OFFSET and not (PORTAL_DEMO or TESTING):
    raise ImproperlyConfigured("PORTAL_CLOCK_OFFSET moves the legal clock: only a demo or a test may set it.")

SECRET_KEY = env("SECRET_KEY")
# Earlier keys, the latest first: what was sealed or signed under them stays readable while they stand here.
SECRET_KEY_FALLBACKS = env("SECRET_KEY_FALLBACKS", "").split()
SITE_URL = env("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured("SITE_URL must be a full address such as https://makuldashuu.kg")
HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = [_site.hostname, *filter(None, env("ALLOWED_HOSTS", "").split(","))]
if _site.hostname in {"127.0.0.1", "localhost"}:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

PORTAL_VAR = Path(env("PORTAL_VAR", "") or BASE_DIR / "var")  # files, keys, logs of this installation
FILES_ROOT = PORTAL_VAR / "files"  # stored files by SHA-256
KEYS_ROOT = PORTAL_VAR / "keys"  # the seal and the installation's CA

# --- applications ------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "apps.core",
    "apps.audit",
    "apps.notifications",
    "apps.accounts",
    "apps.territories",
    "apps.organizations",
    "apps.deadlines",
    "apps.documents",
    "apps.draft_acts",
    "apps.reviews",
    "apps.protocols",
    "apps.passage",
    "apps.register",
]

MIDDLEWARE = [
    "apps.core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "apps.core.middleware.ClockMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.ExpiredSessionMiddleware",
    "apps.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.core.middleware.NoStoreMiddleware",
    "apps.core.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "consultation_portal.urls"
WSGI_APPLICATION = "consultation_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context.portal",
            ],
            "builtins": ["apps.core.templatetags.mk"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


# --- database: everything lives here -----------------------------------------------------------
def _database(url: str) -> dict[str, Any]:
    config = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    if "postgresql" not in config["ENGINE"]:
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database.")
    # Plans for a solid-state disk: with the default cost of a random page, a filtered list walks the whole register.
    config.setdefault("OPTIONS", {}).setdefault("options", "-c random_page_cost=1.1")
    return dict(config)


DATABASES = {"default": _database(env("DATABASE_URL"))}
DATABASE_OWNER_URL = env("DATABASE_OWNER_URL", "")  # migrations only; see manage.py migrate_as_owner
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

CACHES = {
    # Throttles of sign-in live in PostgreSQL: they hold with Redis down and across web nodes.
    # Wide enough that a flood of addresses does not push out the counters of others.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "throttle_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

# --- language and time -------------------------------------------------------------------------
LANGUAGE_CODE = "ky"
LANGUAGES = [("ky", _("Kyrgyz")), ("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Bishkek"
LANGUAGE_COOKIE_NAME = "language"

# --- accounts ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "apps.accounts.adapter.PortalAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proved by the invitation link
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,10/5m/key",
    "reset_password": "20/m/ip,5/m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env_number("TRUSTED_PROXIES")  # else every visitor behind nginx is one address
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_ADAPTER = "apps.accounts.adapter.PortalMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # fingerprint, face or PIN: the device alone is not enough

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
PERSON_COOKIE_NAME = (
    "__Host-person" if HTTPS else "person"
)  # whose a form was, see apps/accounts/kept_requests.py
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "apps.core.views.csrf_failure"

# --- security ----------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # typed text: a long opinion fits
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_MAX_BYTES = 40 * 1024 * 1024
REQUEST_MAX_BYTES = 512 * 1024 * 1024  # read to the end, not kept: only so the sender sees the answer
FILE_UPLOAD_HANDLERS = [
    "apps.core.receiving.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600

# --- files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", "") or PORTAL_VAR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]


def _stored_files() -> dict[str, Any]:
    """A folder of this machine, or with S3_BUCKET a private bucket that all hosts share."""
    bucket = {
        "S3_BUCKET": env("S3_BUCKET", ""),
        "S3_ENDPOINT": env("S3_ENDPOINT", ""),
        "S3_ACCESS_KEY": env("S3_ACCESS_KEY", ""),
        "S3_SECRET_KEY": env("S3_SECRET_KEY", ""),
    }
    if not any(bucket.values()):
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": FILES_ROOT},
        }
    if missing := [name for name, value in bucket.items() if not value]:
        raise ImproperlyConfigured(f"Files in a bucket need {', '.join(missing)} as well. See .env.example.")
    endpoint = urlsplit(bucket["S3_ENDPOINT"])
    if endpoint.scheme != "https" and endpoint.hostname not in {"127.0.0.1", "localhost"}:
        raise ImproperlyConfigured("S3_ENDPOINT must begin with https://: closed files go there.")
    return {
        "BACKEND": "apps.documents.buckets.Bucket",
        "OPTIONS": {
            "bucket_name": bucket["S3_BUCKET"],
            "endpoint_url": bucket["S3_ENDPOINT"],
            "region_name": env("S3_REGION", "") or "us-east-1",  # what stores without regions take it for
            "access_key": bucket["S3_ACCESS_KEY"],
            "secret_key": bucket["S3_SECRET_KEY"],
        },
    }


FILES_IN_BUCKET = bool(env("S3_BUCKET", ""))  # so there may be several hosts
STORAGES = {
    "default": _stored_files(),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "jpg",
    "jpeg",
    "png",
    "webp",
    "zip",
    "gz",
    "br",
    "pdf",
    "woff",
    "woff2",
    "ttf",
)
WHITENOISE_AUTOREFRESH = DEBUG

# --- letters -----------------------------------------------------------------------------------
# EMAIL_URL: smtp://user:password@host:587?tls=1 | smtps://… | kept:// (demo: letters are kept and readable, not sent)
EMAIL_URL = env("EMAIL_URL", "kept://" if PORTAL_DEMO or TESTING else None)  # type: ignore[arg-type]
_mail = urlsplit(EMAIL_URL)
EMAIL_KEPT = _mail.scheme == "kept"
if EMAIL_KEPT:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
elif _mail.scheme in {"smtp", "smtps"}:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = (
        _mail.hostname or "localhost",
        _mail.port or (465 if _mail.scheme == "smtps" else 25),
    )
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = parse_qs(_mail.query).get("tls", ["0"])[0] == "1"
else:
    raise ImproperlyConfigured("EMAIL_URL must begin with smtp://, smtps:// or kept://")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", "") or f"Макулдашуу <no-reply@{_site.hostname}>"

# --- Celery: side effects only; the law never waits for a job ----------------------------------
REDIS_URL = env("REDIS_URL")  # redis://… | rediss://… | unix:///path?db=0
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 200
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 700_000  # kB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "letters"
CELERY_TASK_ROUTES = {"documents.*": {"queue": "documents"}}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,  # just above the longest task
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
}
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "reviews.sweep", "schedule": schedule(60.0), "options": {"expires": 55}},
    "daily": {"task": "register.daily", "schedule": schedule(60.0), "options": {"expires": 55}},
}

# --- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.pagination.PublicCursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "apps.core.api_errors.handler",
    "PAGE_SIZE": 20,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Makuldashuu API",
    "DESCRIPTION": "Consultation of draft acts with local self-government: public reads, use-cases for the signed-in.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "ActKind": "apps.draft_acts.enums.ActKind",
        "ActState": "apps.draft_acts.enums.ActState",
        "Language": "apps.draft_acts.enums.TextLanguage",
        "OpinionState": "apps.reviews.enums.OpinionLink",
        "RemarkKind": "apps.reviews.enums.RemarkKind",
        "AnswerOutcome": "apps.reviews.enums.AnswerOutcome",
        "ReplyOutcome": "apps.reviews.enums.ReplyOutcome",
        "NoteKind": "apps.reviews.enums.NoteKind",
        "ProtocolKind": "apps.protocols.enums.ProtocolKind",
        "ProtocolState": "apps.protocols.enums.ProtocolState",
        "CertificateState": "apps.passage.enums.CertificateState",
        "DecisionKind": "apps.passage.enums.DecisionKind",
        "TermStage": "apps.deadlines.enums.Stage",
        "OutageState": "apps.deadlines.enums.OutageState",
        "OutageOrigin": "apps.deadlines.enums.OutageOrigin",
    },
}

# --- the heartbeat: manage.py heartbeat asks this page; a longer time without an answer is a suspected outage
HEARTBEAT_PAGE = env("HEARTBEAT_PAGE", "") or f"{SITE_URL}/ky/"
HEARTBEAT_EVERY = timedelta(seconds=float(env("HEARTBEAT_SECONDS", "60")))
OUTAGE_AFTER = timedelta(minutes=float(env("OUTAGE_AFTER_MINUTES", "5")))

METRICS_TOKEN = env("METRICS_TOKEN", "")  # empty: /metrics answers callers on this machine only

# --- logs --------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "apps.core.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "pyhanko": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
