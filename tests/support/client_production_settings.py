"""Production's settings, with files that a test has built instead of build.sh."""

import os
from pathlib import Path

from server.settings_production import *  # noqa: F403 - the settings of production, as they are

WHITENOISE_ROOT = Path(os.environ["TELLTALE_TEST_CLIENT"])
# The playground's files come from where they are, uncollected.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# E-mails are found in the log.
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# A third of a second a password would be much of the time of who logs in and out.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of accounts that are made beforehand
]
