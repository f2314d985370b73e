"""Development and tests: an embedded PostgreSQL unless `DATABASE_URL` names another."""

from server import environment
from server.settings_base import *  # noqa: F403 - the shared settings, as Django reads them
from server.settings_base import BASE_DIR

DEBUG = False  # errors look as they do in production; the log shows what went wrong
SECRET_KEY = environment.text(
    "SECRET_KEY", "what sessions and reset codes are signed with", default="development only"
)
ALLOWED_HOSTS = ["*"]
# A client that is being written is served by a tool of its own, at whatever port was free.
CORS_ALLOWED_ORIGIN_REGEXES = [r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?\Z"]

DATABASES = {
    "default": environment.database_url("DATABASE_URL", "the PostgreSQL to use", required=False)
    or {
        "ENGINE": "server.embedded_postgres",
        "NAME": "telltale",
        "OPTIONS": {"data_directory": BASE_DIR / ".telltale" / "postgres"},
    }
}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

vars().update(
    environment.email_url("EMAIL_URL", "where e-mails are sent", default="consolemail://")
)

# Files are found where they are written: no collectstatic between an edit and a reload.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
