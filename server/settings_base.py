"""What development and production share. The environment is read through `server.environment`."""

from pathlib import Path

from server import environment
from server.classifier import image_file
from server.settings_classifier import *  # noqa: F403 - as Django reads them
from server.settings_crops import *  # noqa: F403 - as Django reads them

BASE_DIR = Path(__file__).resolve().parent.parent

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "server.accounts",
    "server.predictions",
    "server.teaching",
    "server.api",
]

MIDDLEWARE = [
    # The first: it sees what the others refuse.
    "server.observability.middleware.ObservabilityMiddleware",
    # Above everything that may redirect or refuse a host name: a health probe has neither.
    "server.health.HealthMiddleware",
    # Above WhiteNoise, which answers early: its pages are the ones to protect.
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "server.static_files.StaticFilesMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "server.accounts.known_browser.KnownBrowserMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# Those that put headers on an answer of the API (see `server.front.by_token`).
API_ANSWER_MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "server.urls"
WSGI_APPLICATION = "server.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Language and time
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["server.accounts.password_backend.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "server.accounts.spelling.SeenPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds

TRUSTED_PROXY_COUNT = environment.integer(
    "TRUSTED_PROXY_COUNT",
    "how many proxies in front append to X-Forwarded-For; what stands before them is a claim",
    default=0,
    maximum=10,
)

# Sessions and CSRF
SESSION_ENGINE = "server.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = environment.origins(
    "CLIENT_ORIGINS",
    "further origins the web client is served from, such as https://telltale.vercel.app",
)
# Then a proxy of that host may pass requests on, and have the address that they seem to come from.
CLIENT_MAY_COME_BY_ANOTHER_HOST = bool(CSRF_TRUSTED_ORIGINS)
CORS_ALLOWED_ORIGINS = CSRF_TRUSTED_ORIGINS
CORS_ALLOW_CREDENTIALS = False  # another origin comes with a token, never with the cookie
CORS_URLS_REGEX = r"^/(graphql|predictions/)"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Files
CLIENT_DIRECTORY = BASE_DIR / "client"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "collected"
STATICFILES_DIRS = [BASE_DIR / "build" / "static"]
WHITENOISE_ROOT = CLIENT_DIRECTORY
WHITENOISE_INDEX_FILE = True
WHITENOISE_MAX_AGE = 0  # seconds; modules of two versions must not meet, and an ETag costs little
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}

# Limits
MAX_UPLOAD_BYTES = environment.integer(
    "MAX_UPLOAD_BYTES",
    "the largest image file, in bytes",
    default=10 * 2**20,
    minimum=1024,
    maximum=64 * 2**20,  # it is held in memory, by every thread that reads one
)
MAX_PIXELS = environment.integer(
    "MAX_PIXELS",
    "the largest image, in pixels",
    default=image_file.MAX_PIXELS,
    minimum=224 * 224,
    maximum=image_file.MAX_PIXELS,
)
PREDICTIONS_PER_DAY = environment.integer(
    "PREDICTIONS_PER_DAY",
    "how many predictions an account may make in a day (UTC)",
    default=500,
    maximum=2**31 - 1,  # the column that counts them
)
REGISTRATIONS_PER_HOUR = environment.integer(
    "REGISTRATIONS_PER_HOUR",
    "how many accounts may be made from one network address in an hour",
    default=20,
    maximum=2**31 - 1,  # the column that counts them
)
TRIES_PER_HOUR = environment.integer(
    "TRIES_PER_HOUR",
    "how many photos may be tried without an account from one network address in an hour; "
    "0 asks everybody for one",
    default=30,
    maximum=20_000_000,  # the column that counts them, where many share an address
)
PREDICTION_RETENTION_DAYS = environment.integer(
    "PREDICTION_RETENTION_DAYS",
    "after how many days `manage.py apply_retention` deletes a prediction; 0 keeps them for ever",
    default=0,
    maximum=36_500,
)
CLASSIFIERS_PER_ACCOUNT = environment.integer(
    "CLASSIFIERS_PER_ACCOUNT",
    "how many classifiers of their own an account may teach",
    default=20,
    maximum=1000,
)
LABELS_PER_CLASSIFIER = environment.integer(
    "LABELS_PER_CLASSIFIER",
    "how many labels a classifier may have; each takes 10 kB in every version",
    default=50,
    minimum=2,
    maximum=500,
)
EXAMPLES_PER_ACCOUNT = environment.integer(
    "EXAMPLES_PER_ACCOUNT",
    "how many examples an account may have for all of its classifiers; each takes up to 17 kB",
    default=1000,
    maximum=5000,  # all of them are held in memory when a classifier is taught
)
VERSIONS_PER_CLASSIFIER = environment.integer(
    "VERSIONS_PER_CLASSIFIER",
    "how many versions of a classifier are kept; the oldest that is not in use makes room",
    default=10,
    minimum=2,
    maximum=1000,
)
# A request may hold the largest image as base64 (4/3), its document and its variables.
MAX_REQUEST_BYTES = MAX_UPLOAD_BYTES * 4 // 3 + 2**18
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_REQUEST_BYTES
# Behind `server.front`, which has received it, a file is read from there into memory once.
FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_REQUEST_BYTES
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
DATA_UPLOAD_MAX_NUMBER_FILES = 5

DATABASE_PATIENCE_SECONDS = environment.integer(
    "DATABASE_PATIENCE_SECONDS",
    "how long a request may wait for PostgreSQL, all its statements together, until it is BUSY",
    default=10,
    minimum=1,
    maximum=50,
)

# The address of the site, for links in e-mails: never taken from a request, whose Host is a claim.
environment.text("RENDER_EXTERNAL_URL", "set by Render: the address it gives", default="")
SITE_URL = environment.origin(
    "SITE_URL",
    "the address people open the site at; links in e-mails begin with it",
    default="http://127.0.0.1:8000",
    fallback="RENDER_EXTERNAL_URL",
)

# E-mail
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = environment.text(
    "DEFAULT_FROM_EMAIL", "the sender of e-mails", default="Telltale <telltale@localhost>"
)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Seeing inside
METRICS_TOKEN = environment.secret(
    "METRICS_TOKEN",
    "the bearer token that Prometheus reads /metrics with; without one there is no such page",
    default="",
    min_length=16,
)
SLOW_REQUEST_MS = environment.integer(
    "SLOW_REQUEST_MS", "from how many milliseconds a request is logged as slow", default=1000
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "server.observability.log_lines.JsonFormatter"},
    },
    "filters": {"no_request_text": {"()": "server.observability.log_lines.NoRequestText"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_request_text"],
        },
        # A logger without any handler would come to Python's last resort, which tells all.
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Refusals have their line from `server.requests`. Django's would quote what was refused.
        "django.request": {"level": "ERROR"},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
        # Its only handler, for `errorlog` is none: one form for all lines, and each of them once.
        "gunicorn.error": {"handlers": ["console"], "propagate": False},
    },
}
