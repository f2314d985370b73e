"""The least that a Django project needs to read Telltale's tables, for the peers that do."""

import os

from server import environment

DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = [
    "django.contrib.admin",  # its log is among what an account leaves behind
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "server.accounts",
    "server.predictions",
]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = os.environ["ROOT_URLCONF"]
AUTH_USER_MODEL = "accounts.User"
DATABASES = {
    "default": environment.database_url("DATABASE_URL", "the PostgreSQL to use", required=True)
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}
USE_TZ = True
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
