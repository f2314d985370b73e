"""The log of a real server: whatever is refused, no line holds what nobody may know."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from harness.databases import migrated_database
from harness.site import LiveSite, running_site
from scripts.paths import ROOT
from tests.support.raw_http import exchange

pytestmark = pytest.mark.live

SECRET = "s3cretw0rd"
ADDRESS = "203.0.113.77"
FORWARDED = f"X-Forwarded-For: {ADDRESS}\r\n"
JSON = "Content-Type: application/json\r\n"
OPERATIONS = f'{{"query": "mutation {{ logIn(input: {{email: \\"{SECRET}@example.org\\"'
TLS = "X-Forwarded-Proto: https\r\n"


WAIT_SECONDS = 30


def request(line: str, headers: str = "", body: str = "", host: str = "127.0.0.1") -> bytes:
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{line}\r\nHost: {host}\r\n{FORWARDED}{TLS}{headers}{length}\r\n{body}".encode()


REFUSED = {
    "a host that is not ours": request(
        f"GET /graphql?query={SECRET} HTTP/1.1", host=f"{SECRET}.example"
    ),
    "a host that is none": request(f"GET /graphql?query={SECRET} HTTP/1.1", host=f"{SECRET}/x@y"),
    "a version there is not": request(f"GET /?q={SECRET} HTTP/9.9"),
    "no method": request(f"G@T /?q={SECRET} HTTP/1.1"),
    "no request": f"{SECRET}\r\n\r\n".encode(),
    "a line too long": request(f"GET /?q={SECRET}{'a' * 9000} HTTP/1.1"),
    "a header too long": request("GET / HTTP/1.1", f"Cookie: sessionid={SECRET}{'a' * 9000}\r\n"),
    "a header without a colon": request("GET / HTTP/1.1", f"Cookie sessionid={SECRET}\r\n"),
    "a space before the colon": request("GET / HTTP/1.1", f"Authorization : Bearer {SECRET}\r\n"),
    "two lengths": request("POST / HTTP/1.1", f"Content-Length: {SECRET}\r\n", "{}"),
    "a coding there is not": request("POST / HTTP/1.1", f"Transfer-Encoding: {SECRET}\r\n"),
    "a wrong token": request("GET /graphql HTTP/1.1", f"Authorization: Bearer tt_{SECRET}\r\n"),
    "a page that is not there": request(f"GET /nothing?password={SECRET} HTTP/1.1"),
    "JSON that is none": request("POST /graphql HTTP/1.1", JSON, OPERATIONS),
    "a document that is none": request(
        "POST /graphql HTTP/1.1",
        f"{JSON}Accept: application/graphql-response+json\r\n",
        f'{{"query": "{{ {SECRET}(a: \\"{SECRET}\\") }}"}}',
    ),
    "another site": request(
        "POST /graphql HTTP/1.1", f"{JSON}Origin: https://{SECRET}.example\r\n", "{}"
    ),
    "another site, at the admin": request(
        "POST /admin/login/ HTTP/1.1", f"Origin: https://{SECRET}.example\r\n", "a=b"
    ),
    "a referer with a query, at the admin": request(
        "POST /admin/login/ HTTP/1.1", f"Referer: https://x.example/?q={SECRET}\r\n", "a=b"
    ),
    "no cookie, at the admin": request(
        "POST /admin/login/ HTTP/1.1",
        f"Referer: https://127.0.0.1/?q={SECRET}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n",
        f"username={SECRET}@example.org&password={SECRET}",
    ),
    "too many fields, at the admin": request(
        "POST /admin/login/ HTTP/1.1",
        f"Cookie: csrftoken={'a' * 32}\r\nReferer: https://127.0.0.1/\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n",
        f"csrfmiddlewaretoken={'a' * 32}" + f"&{SECRET}=1" * 50,
    ),
}


@pytest.fixture(scope="module")
def site(
    postgres_url: str, model_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    log = tmp_path_factory.mktemp("lines") / "gunicorn.log"
    variables = {
        "DJANGO_SETTINGS_MODULE": "tests.support.client_production_settings",
        "TELLTALE_TEST_CLIENT": str(ROOT / "client"),
        "SECRET_KEY": "a key of fifty characters and more, as random as it gets",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
    }
    with (
        migrated_database(postgres_url, f"telltale_lines_{os.getpid()}") as database_url,
        running_site(database_url, log, variables=variables) as site,
    ):
        yield site


def lines_since(site: LiveSite, offset: int, enough: Callable[[str], bool]) -> str:
    """What was logged after an offset, once there is enough of it."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        lines = site.log.read_bytes()[offset:].decode()
        if enough(lines):
            return lines
        assert time.monotonic() < deadline, f"It was not logged:\n{lines}"
        time.sleep(0.05)


@pytest.mark.parametrize("kind", REFUSED)
def test_of_what_is_refused_nothing_is_told(site: LiveSite, kind: str) -> None:
    before = site.log.stat().st_size
    answer = exchange(site.url, REFUSED[kind])
    # A line that comes after all that there is of the refusal: there is one worker.
    exchange(site.url, request("GET /the/next/one HTTP/1.1"))
    lines = lines_since(site, before, lambda text: "/the/next/one" in text)

    assert answer is not None
    assert answer.status_code >= 400
    assert lines.count("\n") <= 2  # what is no HTTP may end without a line
    for word in (SECRET, ADDRESS, "127.0.0.1"):
        assert word not in lines


def test_after_a_reload_each_line_comes_once(site: LiveSite) -> None:
    master = psutil.Process(site.process.pid)
    before, (old,) = site.log.stat().st_size, master.children()

    master.send_signal(signal.SIGHUP)

    told = ("Handling signal: hup", "Booting worker", f"exiting (pid: {old.pid})")
    lines_since(site, before, lambda text: all(line in text for line in told))
    site.wait_until_ready()
    lines = lines_since(site, before, bool)
    assert [lines.count(line) for line in told] == [1, 1, 1], lines
    assert all(line.startswith('{"time":') for line in lines.splitlines())
