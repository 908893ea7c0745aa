"""Every setting of the project; docs/configuration.md describes the environment variables it reads.

A variable with a wrong value never stops Django from loading: the safe value is taken instead, the mistake
is kept in `ENVIRONMENT_MISTAKES`, and `claims.checks` reports it; commands and `provenance.wsgi` then refuse
to go on.
"""

from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from provenance.environment import Environment, host_of

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
environment = Environment(VAR_DIR)
ENVIRONMENT_MISTAKES = environment.mistakes


# --- What the environment decides -----------------------------------------------------------------

DEBUG = environment.flag("DEBUG", default=False, safe=False)
ALLOWED_HOSTS = environment.host_names("ALLOWED_HOSTS")
# Nobody named a host: only this machine is answered, as in the demonstration.
LOCAL = not environment.text("ALLOWED_HOSTS")
if LOCAL:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
HTTPS = environment.flag("HTTPS", default=not LOCAL, safe=True)
# What permanent addresses in exports and citations begin with; they must not change with the name in a request.
BASE_URL = environment.address(
    "BASE_URL", default=f"{'https' if HTTPS else 'http'}://{'127.0.0.1:8000' if LOCAL else host_of(ALLOWED_HOSTS)}/"
)
SECRET_KEY = environment.secret_key("SECRET_KEY", local=LOCAL)
DATABASES = {"default": environment.database("DATABASE_URL")}
# Whether the research pages may be read without signing in; the admin never may.
PUBLIC_READ = environment.flag("PUBLIC_READ", default=False, safe=False)
TIME_ZONE = environment.time_zone("TIME_ZONE", default="UTC")
# Whether a claim is reviewed by somebody else than the last who changed it.
REVIEW_BY_ANOTHER = environment.flag("REVIEW_BY_ANOTHER", default=False, safe=True)
# The roles that sign in with a second factor; the names are those of `claims.permissions.Role`.
REQUIRE_TWO_FACTOR = environment.words(
    "REQUIRE_TWO_FACTOR", known=("editor", "reviewer", "researcher", "auditor", "administrator")
)
# The folder of signed checkpoints, which belongs out of the database's reach, and the key that signs them.
AUDIT_CHECKPOINTS = environment.text("AUDIT_CHECKPOINTS") or (str(VAR_DIR / "checkpoints") if LOCAL else "")
AUDIT_KEY = environment.text("AUDIT_KEY")


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
    "rest_framework",
    "knox",
    "drf_spectacular",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "provenance.headers.SecurityHeadersMiddleware",
    "provenance.headers.KnownMethodsMiddleware",
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
# Versions are looked for by their record first, never by the moment alone.
SIMPLE_HISTORY_DATE_INDEX = False


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
AXES_USERNAME_CALLABLE = "claims.views.sign_in.counted_name"
# Sign-ins are in the journal; this library keeps no second record of them, and no page shows its own.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "next"]

OTP_TOTP_ISSUER = "Provenance"


# --- The API --------------------------------------------------------------------------------------

# So much may be asked: of an address by those who have not signed in, and by each user.
API_RATES: dict[str, str | None] = {"readers": "120/min", "users": "1200/min"}
# What the views do not say themselves (`claims.api.base`).
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "claims.api.schema.ApiSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": ["claims.api.authentication.TokenAuthentication"],
    "URL_FORMAT_OVERRIDE": None,
}
# A beginning by which programs that look for leaked secrets know what they have found.
REST_KNOX = {"TOKEN_PREFIX": "prov_"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Provenance",
    "DESCRIPTION": "Who said what, through whom, in which passage of which text, and who contradicts whom.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["claims.api.schema.with_descriptions", "claims.api.generator.tidied"],
    "DEFAULT_GENERATOR_CLASS": "claims.api.generator.Generator",
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}


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
