"""`python -m tests.support.make_accounts 5`: writes accounts with sessions, tells them as JSON.

In a process of its own, with the site's database: it makes sessions as the server makes them, and
without the slow hashing of passwords.
"""

import json
import os
import secrets
import sys

import django
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tests.support.api import PASSWORD


def main(count: int) -> None:
    django.setup()
    from django.test import Client

    from server.accounts.models import User

    password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)
    accounts = []
    for _ in range(count):
        user = User.objects.create_user(f"{secrets.token_hex(6)}@example.org")
        user.password = password
        user.save()
        client = Client()
        client.force_login(user, settings.AUTHENTICATION_BACKENDS[-1])
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = {settings.SESSION_COOKIE_NAME: session, "csrftoken": secrets.token_hex(16)}
        accounts.append({"email": user.email, "cookies": cookies})
    json.dump(accounts, sys.stdout)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    main(int(sys.argv[1]))
