"""Production: everything secret or particular to a place comes from the environment."""

from typing import Literal, get_args

from server import environment
from server.settings_base import *  # noqa: F403 - the shared settings, as Django reads them
from server.settings_base import BASE_DIR, LOGGING

HstsScope = Literal["host", "subdomains", "preload"]

DEBUG = False
SECRET_KEY = environment.secret(
    "SECRET_KEY", "what sessions and reset codes are signed with", min_length=32
)
environment.text("RENDER_EXTERNAL_HOSTNAME", "set by Render: the host name it gives", default="")
ALLOWED_HOSTS = environment.host_names(
    "ALLOWED_HOSTS",
    "the host names the site answers to, separated by commas",
    fallback="RENDER_EXTERNAL_HOSTNAME",
)
DATABASES = {
    "default": environment.database_url("DATABASE_URL", "the PostgreSQL to use", required=True)
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}
vars().update(
    environment.email_url(
        "EMAIL_URL",
        "the server that sends e-mails; without one, none are sent",
        default="dummymail://",
        refused=("consolemail",),
    )
)

# Copied and compressed by build.sh; the folder `client` itself is for development, where a
# compressed copy would be older than the file somebody has just saved.
WHITENOISE_ROOT = BASE_DIR / "build" / "client"
# Which names hold a hash, told by the name: WhiteNoise would look each file up in the manifest.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/.+\.[0-9a-f]{12}\.[^/]+$"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# TLS ends at the platform's proxy, which says so in this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
# Other hosts of a domain, and the lists in browsers, are for who has the domain to decide.
HSTS_SCOPE: HstsScope = environment.choice(
    "HSTS_SCOPE",
    "what browsers open by https alone: the host, its subdomains too, or both with browsers' lists",
    options=get_args(HstsScope),
    default="host",
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HSTS_SCOPE != "host"
SECURE_HSTS_PRELOAD = HSTS_SCOPE == "preload"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

LOGGING["handlers"]["console"]["formatter"] = "json"  # type: ignore[index]

SILENCED_SYSTEM_CHECKS = [
    # It wants 50 characters; Render generates 256 bits in 44, and fewer than 32 are refused above.
    "security.W009",
    # They want subdomains and preload, which `HSTS_SCOPE` has the operator choose.
    "security.W005",
    "security.W021",
]
