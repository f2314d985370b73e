"""Production: everything secret or particular to a place comes from the environment."""

from server import environment
from server.settings_base import *  # noqa: F403 - the shared settings, as Django reads them

DEBUG = False
SECRET_KEY = environment.text("SECRET_KEY", "what sessions and reset codes are signed with")
ALLOWED_HOSTS = environment.names(
    "ALLOWED_HOSTS",
    "the host names the site answers to (by default the one Render gives the service)",
    default=(
        environment.text("RENDER_EXTERNAL_HOSTNAME", "set by Render: its host name", default=""),
    ),
)
DATABASES = {
    "default": environment.database_url("DATABASE_URL", "the PostgreSQL to use", required=True)
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}
vars().update(
    environment.email_url("EMAIL_URL", "where e-mails are sent", default="consolemail://")
)

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# TLS ends at the platform's proxy, which says so in this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
