"""Django's settings, made from the environment of the installation."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import django.conf.locale
from csp.constants import NONE, SELF

from gbese.config import logs, static_files
from gbese.config.environment import Environment

ENVIRONMENT = Environment()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
ROOT_URLCONF = "gbese.config.urls"
WSGI_APPLICATION = "gbese.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_htmx",
    "ninja",
    "gbese.apps.identity",
    "gbese.apps.rates",
    "gbese.apps.parties",
    "gbese.apps.bookkeeping",
    "gbese.apps.lending",
    "gbese.apps.imports",
    "gbese.apps.closing",
    "gbese.apps.reporting",
    "gbese.interfaces.web",
    "gbese.interfaces.api",
]

MIDDLEWARE = [
    "gbese.interfaces.requests.RequestLog",
    "gbese.interfaces.requests.SoundRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gbese.interfaces.requests.SessionLimits",
    "gbese.interfaces.web.access.BodySizes",
    "gbese.interfaces.web.access.PagePermissions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gbese.interfaces.web.frame.context.frame",
            ],
        },
    },
]

# Database: money is whole minor units; durability comes before speed.
DATABASES = {"default": ENVIRONMENT.database()}
ATOMIC_REQUESTS = False

# People.
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("login", "full_name")}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"

# A pause after wrong passwords, by login and address together: a stranger cannot lock a person out.
# What the page then says is the page's to word, hence no middleware of axes.
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
AXES_FAILURE_LIMIT = ENVIRONMENT.sign_in_failures
AXES_COOLOFF_TIME = timedelta(seconds=ENVIRONMENT.sign_in_pause_seconds)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "gbese.interfaces.sign_in.client_address"
AXES_USERNAME_FORM_FIELD = "username"  # what `authenticate` is given; not the field of the model
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # the audit trail has who signed in

FIRST_START_SECRET = ENVIRONMENT.first_start_secret

# Sessions and cookies.
TLS = ENVIRONMENT.tls or ENVIRONMENT.behind_proxy
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = ENVIRONMENT.session_seconds  # and sooner when left alone: SessionLimits
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_NAME = "__Host-session" if TLS else "session"
SESSION_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gbese.interfaces.web.frame.views.csrf_failed"
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SECURE = TLS
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Headers.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENVIRONMENT.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600  # our own certificate would not survive a change under it

# Languages. Django has no Yoruba, and nobody has a language that is only for trying a layout.
RTL_PREVIEW = "ar-xb"
django.conf.locale.LANG_INFO.update(
    {
        "yo": {"bidi": False, "code": "yo", "name": "Yoruba", "name_local": "Yorùbá"},
        RTL_PREVIEW: {
            "bidi": True,
            "code": RTL_PREVIEW,
            "name": "Right-to-left preview",
            "name_local": "weiverp tfel-ot-thgiR",
        },
    }
)
LANGUAGES = [("en", "English"), ("yo", "Yorùbá")]
if ENVIRONMENT.preview_languages:
    LANGUAGES.append((RTL_PREVIEW, "Right-to-left preview"))
LANGUAGES_BIDI = ["he", "ar", "ar-dz", "ckb", "fa", "ug", "ur", RTL_PREVIEW]
LANGUAGE_CODE = ENVIRONMENT.language
LOCALE_PATHS = [PACKAGE / "interfaces" / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # the firm's own time zone is a row of its books

# Files.
STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.data / "static"
IS_STATIC_BUILT = static_files.is_built(STATIC_ROOT)
WHITENOISE_USE_FINDERS = not IS_STATIC_BUILT
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "gbese.config.static_files.HashedFiles"
        if IS_STATIC_BUILT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = ENVIRONMENT.media
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

LOGGING = logs.configuration(level=ENVIRONMENT.log_level, stream=ENVIRONMENT.log_stream)
