"""Every setting of the installation, read once from the environment; each has a default that just works."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from tedori.kernel.discovery import apps
from tedori.site.secrets import secret_key

# --- where things are ------------------------------------------------------------------------------------


def env_flag(name: str, default: bool) -> bool:
    """A yes/no setting; anything but yes, no, 1, 0, true, false raises at once."""
    given = os.environ.get(name, "").strip().lower()
    if given in {"", "1", "yes", "true", "0", "no", "false"}:
        return default if given == "" else given in {"1", "yes", "true"}
    raise ImproperlyConfigured(f"{name}={given!r}: use yes or no")


def env_list(name: str, default: str) -> list[str]:
    """A setting with several values, separated by commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


TEDORI_HOME = Path(os.environ.get("TEDORI_HOME", "var")).absolute()
DEBUG = env_flag("TEDORI_DEBUG", False)
SECRET_KEY = secret_key(TEDORI_HOME)
ALLOWED_HOSTS = env_list("TEDORI_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("TEDORI_ORIGINS", "")
TEDORI_PUBLIC_URL = os.environ.get("TEDORI_PUBLIC_URL", "http://localhost:8000").rstrip("/")
TEDORI_TILES = os.environ.get("TEDORI_TILES", "")
TEDORI_TILES_CREDIT = os.environ.get("TEDORI_TILES_CREDIT", "")

# --- what the house is made of ---------------------------------------------------------------------------

KERNEL_APPS = apps("tedori.kernel")
SERVICE_APPS = apps("tedori.services")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    *KERNEL_APPS,  # before allauth, whose pages we dress in our own templates
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "django_htmx",
    "ninja",
    *SERVICE_APPS,
    "tedori.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tedori.kernel.pages.security.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tedori.site.doors.UserErrorMiddleware",
]

ROOT_URLCONF = "tedori.site.urls"
ASGI_APPLICATION = "tedori.site.asgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                *(f"{name}.context.house" for name in KERNEL_APPS if name.endswith(".pages")),
            ],
        },
    }
]

# --- where data lives ------------------------------------------------------------------------------------


def database(address: str) -> dict[str, object]:
    """The Django database of an address: `sqlite:PATH` or `postgresql://user:password@host:port/name`."""
    if address.startswith("sqlite:"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": address.removeprefix("sqlite:"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if address.startswith("postgresql://"):
        from_address = urlsplit(address)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": from_address.path.lstrip("/"),
            "USER": from_address.username or "",
            "PASSWORD": from_address.password or "",
            "HOST": from_address.hostname or "",
            "PORT": from_address.port or "",
        }
    raise ImproperlyConfigured(f"TEDORI_DATABASE={address!r}: use sqlite:PATH or postgresql://…")


DATABASES = {
    "default": database(os.environ.get("TEDORI_DATABASE", f"sqlite:{TEDORI_HOME / 'tedori.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
TEDORI_MAX_UPLOAD = int(os.environ.get("TEDORI_MAX_UPLOAD", 512 * 2**20))
# For how many days delivered events and ended jobs are kept; 0 is for ever.
KEEP_DAYS = {
    "events": int(os.environ.get("TEDORI_KEEP_EVENTS", 90)),
    "jobs": int(os.environ.get("TEDORI_KEEP_JOBS", 90)),
}

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
# Leaflet's own assets from its package; its Django app is left out because it asks for the GDAL library.
STATICFILES_DIRS = [Path(find_spec("leaflet").origin).parent / "static"]

# --- who comes in ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "tedori.kernel.organisations.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "tedori.kernel.organisations.adapters.SocialAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
EMAIL_BACKEND = os.environ.get("TEDORI_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")

OIDC_ISSUER = os.environ.get("TEDORI_OIDC_ISSUER", "")
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": os.environ.get("TEDORI_OIDC_NAME", "OpenID Connect"),
                    "client_id": os.environ.get("TEDORI_OIDC_CLIENT", ""),
                    "secret": os.environ.get("TEDORI_OIDC_SECRET", ""),
                    "settings": {"server_url": OIDC_ISSUER},
                }
            ]
        }
    }
    if OIDC_ISSUER
    else {}
)

# How often one caller may knock, per s, m, h or d; empty means without limit.
RATES = {
    "public": os.environ.get("TEDORI_RATE_PUBLIC", "1200/m"),
    "token": os.environ.get("TEDORI_RATE_TOKEN", "6000/m"),
}
TRUSTED_PROXIES = int(os.environ.get("TEDORI_PROXIES", "0"))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TEDORI_PUBLIC_URL.startswith("https://")

# --- in which language -----------------------------------------------------------------------------------

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
LOCALE_PATHS = [Path(__file__).parent / "locale"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("TEDORI_LOG", "WARNING")},
}
