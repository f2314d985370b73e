"""Production refuses to start without what it needs, and has nothing left to warn of."""

import os
import subprocess
import sys

import pytest

from scripts.paths import ROOT

COMPLETE = {
    "SECRET_KEY": "a key of fifty characters and more, as random as it gets",
    "DATABASE_URL": "postgres://somebody:pa55word@host.example/telltale",
    "RENDER_EXTERNAL_HOSTNAME": "telltale.example",
    "RENDER_EXTERNAL_URL": "https://telltale.example",
    "SITE_URL": "https://telltale.example",
    "EMAIL_URL": "smtp+tls://somebody:pa55word@mail.example:587",
}


def manage(*command: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "server.settings_production",
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-W", "error", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL"])
@pytest.mark.parametrize("value", [None, ""])
def test_refuses_to_be_imported_without(missing: str, value: str | None) -> None:
    variables = {name: text for name, text in COMPLETE.items() if name != missing}
    if value is not None:
        variables[missing] = value

    process = manage("-c", "import server.settings_production", variables=variables)

    assert process.returncode == 1
    last_line = process.stderr.splitlines()[-1]
    assert f"The environment variable {missing} is not set" in last_line
    assert "pa55word" not in process.stderr


def test_the_deployment_check_finds_nothing_to_warn_of() -> None:
    process = manage(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING", variables=COMPLETE
    )

    assert process.returncode == 0, process.stderr
    assert "System check identified no issues" in process.stdout
    assert "WARNINGS" not in process.stderr


def test_no_other_origin_is_allowed_but_those_that_are_named() -> None:
    script = """
from server import settings_production as settings
print(settings.CORS_ALLOWED_ORIGINS, getattr(settings, "CORS_ALLOWED_ORIGIN_REGEXES", []))
"""

    process = manage("-c", script, variables=COMPLETE)

    assert process.stdout.split() == ["[]", "[]"], process.stderr


def test_cookies_are_sent_over_tls_alone_and_never_to_other_sites() -> None:
    names = (
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE",
        "CSRF_COOKIE_SAMESITE",
        "SECURE_SSL_REDIRECT",
        "DEBUG",
    )
    show = "from django.conf import settings; print(*(getattr(settings, n) for n in {!r}))"

    process = manage("-c", show.format(names), variables=COMPLETE)

    assert process.stdout.split() == ["True", "True", "True", "Lax", "Lax", "True", "False"]


def test_browsers_keep_a_file_for_ever_whose_name_holds_a_hash_and_no_other() -> None:
    ask = """
import re
import django
django.setup()
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
for name in ("graphiql/graphiql.min.js", "samples/all-small.webp", "LICENSE.txt"):
    for stored in (staticfiles_storage.hashed_name(name, ContentFile(b"content")), name):
        print(bool(re.search(settings.WHITENOISE_IMMUTABLE_FILE_TEST, f"/static/{stored}")))
"""
    process = manage("-c", ask, variables=COMPLETE)

    assert process.stdout.split() == ["True", "False"] * 3, process.stderr


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, "max-age=31536000"),
        ({"HSTS_SCOPE": "subdomains"}, "max-age=31536000; includeSubDomains"),
        ({"HSTS_SCOPE": "preload"}, "max-age=31536000; includeSubDomains; preload"),
    ],
)
def test_https_alone_is_asked_for_the_host_and_more_only_where_that_is_chosen(
    chosen: dict[str, str], expected: str
) -> None:
    ask = (
        "import django; django.setup();"
        "from django.http import HttpResponse;"
        "from django.middleware.security import SecurityMiddleware;"
        "from django.test import RequestFactory;"
        "request = RequestFactory().get('/', HTTP_X_FORWARDED_PROTO='https');"
        "answer = SecurityMiddleware(lambda _: HttpResponse())(request);"
        "print(answer['Strict-Transport-Security'])"
    )

    process = manage("-c", ask, variables=COMPLETE | chosen)

    assert process.stdout.strip() == expected, process.stderr
