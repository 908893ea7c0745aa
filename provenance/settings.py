"""Every setting of the project; docs/configuration.md describes the environment variables it reads.

A variable with a wrong value never stops Django from loading: the safe value is taken instead, the mistake
is kept in `ENVIRONMENT_MISTAKES`, and `claims.checks` reports it; commands and `provenance.wsgi` then refuse
to go on.
"""

import os
import re
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dj_database_url
from django.core.checks import Error
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
ENVIRONMENT_MISTAKES: list[Error] = []


# --- Reading the environment ----------------------------------------------------------------------


def mistake(number: int, message: str, hint: str) -> None:
    ENVIRONMENT_MISTAKES.append(Error(message, hint=hint, id=f"provenance.E{number:03}"))


def text(name: str) -> str:
    """The variable without surrounding white space; empty counts as not set."""
    return os.environ.get(name, "").strip()


def flag(name: str, *, default: bool, safe: bool) -> bool:
    """A yes or no; `default` when not set, `safe` when it is neither."""
    match text(name).casefold():
        case "":
            return default
        case "yes" | "true" | "on" | "1":
            return True
        case "no" | "false" | "off" | "0":
            return False
        case other:
            mistake(1, f"{name} is {other!r}, which is neither yes nor no.", f"Set {name} to yes or no.")
            return safe


def host_names(name: str) -> list[str]:
    """Names separated by commas or spaces, without scheme, port or path; a leading dot admits subdomains."""
    names = text(name).replace(",", " ").split()
    wrong = [host for host in names if not re.fullmatch(r"\.?[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:.]+\]", host)]
    if wrong:
        mistake(
            2,
            f"{name} contains {', '.join(map(repr, wrong))}, which is not a host name.",
            f"Write names as in {name}=desk.example.org,[::1] - no https://, no port, no path, no asterisk.",
        )
    return [host for host in names if host not in wrong]


def words(name: str, *, known: tuple[str, ...]) -> list[str]:
    """Words separated by commas or spaces, of those that are known; all of them where one is not, to be safe."""
    given = text(name).replace(",", " ").split()
    wrong = [word for word in given if word not in known]
    if wrong:
        mistake(
            20,
            f"{name} contains {', '.join(map(repr, wrong))}, which it may not.",
            f"Write {name}= and any of {', '.join(known)}, separated by commas.",
        )
        return list(known)
    return given


def time_zone(name: str, *, default: str) -> str:
    zone = text(name) or default
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        mistake(3, f"{name} is {zone!r}, which is no time zone.", f"Write it as in {name}=Asia/Damascus.")
        return default
    return zone


def secret_key(name: str, *, local: bool) -> str:
    """The key from the environment; a local installation makes one and keeps it in `var/`."""
    if key := text(name):
        return key
    if local:
        return kept_key(VAR_DIR / "secret_key")
    mistake(
        4,
        f"{name} is not set, and other machines may reach this installation.",
        f"Set {name} to the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
    )
    return ""


def kept_key(path: Path) -> str:
    """The key in the file, made there first if need be; processes that start together get the same one."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)  # mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(50))
            os.link(draft, path)  # unlike a rename it never replaces a key that another process just made
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text().strip()


def database(name: str) -> dict[str, Any]:
    """SQLite in `var/` when not set; nothing when wrong, so that no record lands elsewhere."""
    url = text(name)
    if not url:
        VAR_DIR.mkdir(mode=0o700, exist_ok=True)
        return sqlite({"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "provenance.sqlite3"})
    try:
        config: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)}
    except ValueError:
        config = {}
    match config.get("ENGINE"):
        case "django.db.backends.postgresql" if config["NAME"]:
            return config
        case "django.db.backends.sqlite3" if config["NAME"] not in ("", ":memory:"):
            return sqlite(config)
    mistake(
        5,
        f"{name} is not the address of a PostgreSQL database or of an SQLite file.",
        f"Write {name}=postgres://user:password@host:5432/database or {name}=sqlite:////path/to/file, "
        "with special characters in the password percent-encoded.",
    )
    return {}


def sqlite(config: dict[str, Any]) -> dict[str, Any]:
    """Readers never wait for a writer (WAL), and writers queue up at BEGIN instead of failing half-way."""
    options = {"init_command": "PRAGMA journal_mode=WAL", "transaction_mode": "IMMEDIATE", "timeout": 20}
    return {**config, "OPTIONS": options}


# --- What the environment decides -----------------------------------------------------------------

DEBUG = flag("DEBUG", default=False, safe=False)
ALLOWED_HOSTS = host_names("ALLOWED_HOSTS")
# Nobody named a host: only this machine is answered, as in the demonstration.
LOCAL = not text("ALLOWED_HOSTS")
if LOCAL:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
HTTPS = flag("HTTPS", default=not LOCAL, safe=True)
SECRET_KEY = secret_key("SECRET_KEY", local=LOCAL)
DATABASES = {"default": database("DATABASE_URL")}
# Whether the research pages may be read without signing in; the admin never may.
PUBLIC_READ = flag("PUBLIC_READ", default=False, safe=False)
TIME_ZONE = time_zone("TIME_ZONE", default="UTC")
# Whether a claim is reviewed by somebody else than the last who changed it.
REVIEW_BY_ANOTHER = flag("REVIEW_BY_ANOTHER", default=False, safe=True)
# The roles that sign in with a second factor; `claims.permissions.Role`, which cannot be imported here.
REQUIRE_TWO_FACTOR = words(
    "REQUIRE_TWO_FACTOR", known=("editor", "reviewer", "researcher", "auditor", "administrator")
)


# --- Application ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Before the records: its triggers are in place when the first rows are written.
    "claims.ledger",
    "claims",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "simple_history",
    "django_filters",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "provenance.headers.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "claims.ledger.middleware.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "claims.views.second_step.SecondStepMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "provenance.urls"
WSGI_APPLICATION = "provenance.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
# Widgets can be overridden in templates/ like any other template.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True


# --- People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "claims.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# So many wrong passwords for one name from one address, then a pause. By the two together, so that nobody who knows
# a name can lock its owner out from elsewhere, and nobody behind an address all the others behind it.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# A try during the pause does not prolong it: the page says when it ends.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "claims.views.sign_in.too_many"
# Sign-ins are in the journal; this library keeps no second record of them, and no page shows its own.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "next"]

OTP_TOTP_ISSUER = "Provenance"


# --- Languages and time ---------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "claims" / "locale"]
FORMAT_MODULE_PATH = ["claims.formats"]
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
USE_TZ = True


# --- Static files ---------------------------------------------------------------------------------

STATIC_URL = "static/"
# Served from where they lie: there is no step to collect them, hence none to forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False


# --- Security -------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# A working day from signing in, however busy.
SESSION_COOKIE_AGE = 12 * 60 * 60
if HTTPS:
    # Browsers take a cookie of this name from this very host alone, not from a neighbour in its domain.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    # A proxy in front speaks TLS and says so; it must set this header itself and not pass on a client's.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
# HSTS for other subdomains, and in the browsers' built-in list, is for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]


# --- Log ------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django would mail errors to administrators and, without DEBUG, show them to nobody else.
    "loggers": {"django": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
