"""The ways the client is deployed: its files on one host, the API on another.

A production server stands behind Render's proxy. Vercel serves the client and passes the rest on,
as vercel.json says; a third host serves nothing but the client, whose page names the API's origin.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from harness.certificate import make_certificate, public_key_digest
from harness.ports import HOST
from harness.proxy import Proxy, render_proxy, serving
from harness.site import LiveSite, running_site
from harness.tunnel import tunnel_to
from harness.vercel import Vercel, vercel_proxy
from scripts.compress_client import compress_client
from scripts.paths import CLIENT, ROOT
from tests.support.client_gate import Gate

API_HOST = "telltale.onrender.com"
VERCEL_HOST = "telltale.vercel.app"
STATIC_HOST = "photos.example.org"
SECRET_KEY = "of a server that lives for a minute only"
META = '<meta name="telltale-api" content="{}">'


@dataclass
class Deployments:
    """All three, on one server, with what a browser has to be told to find and trust them here."""

    site: LiveSite
    variables: dict[str, str]
    browser_arguments: list[str] = field(default_factory=list)
    certificate: Path = Path()
    gate: Gate = field(default_factory=Gate)
    sent_by_api_host: list[tuple[str, int]] = field(default_factory=list)  # path, all its bytes
    tunnel_url: str = ""  # an HTTPS proxy by which programs find the hosts
    answering_port: int = 0

    @contextmanager
    def answered_by_another(self, log: Path, **variables: str) -> Iterator[None]:
        """Let a server with other variables, on the same database, answer for a while."""
        variables = self.variables | variables
        with running_site(self.site.database_url, log, variables=variables) as other:
            self.answering_port = other.port
            try:
                yield
            finally:
                self.answering_port = self.site.port


@contextmanager
def deployments(database_url: str, folder: Path) -> Iterator[Deployments]:
    """Serve the client in all three ways; `folder` takes certificates, files and logs."""
    client = folder / "client"
    compress_client(CLIENT, client)
    variables = {
        "DJANGO_SETTINGS_MODULE": "tests.support.client_production_settings",
        "TELLTALE_TEST_CLIENT": str(client),
        "SECRET_KEY": SECRET_KEY,
        "ALLOWED_HOSTS": API_HOST,
        "CLIENT_ORIGINS": f"https://{VERCEL_HOST},https://{STATIC_HOST}",
        "TRUSTED_PROXY_COUNT": "3",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
    }
    certificate = make_certificate(folder, [API_HOST, VERCEL_HOST, STATIC_HOST])
    with ExitStack() as stack:
        log = folder / "gunicorn.log"
        site = stack.enter_context(running_site(database_url, log, variables=variables))
        deployed = Deployments(site, variables, certificate=certificate, answering_port=site.port)
        api = _api_host(deployed)
        static = _naming_the_api(folder / "static")
        # Vercel comes to the API by a way of its own: the gate stands where the browser comes to.
        api_port = stack.enter_context(serving(api, certificate))
        fronts = {
            API_HOST: api,
            VERCEL_HOST: vercel_proxy(_vercel(), CLIENT, api_port, certificate),
            STATIC_HOST: vercel_proxy(_static_host(), static, api_port, certificate),
        }
        ports = {
            host: stack.enter_context(serving(deployed.gate.before(front), certificate))
            for host, front in fronts.items()
        }
        rules = ",".join(f"MAP {host} {HOST}:{port}" for host, port in ports.items())
        deployed.browser_arguments = [
            f"--host-resolver-rules={rules}",
            # Nothing else makes Chromium trust it so far that its cache keeps what comes.
            f"--ignore-certificate-errors-spki-list={public_key_digest(certificate)}",
        ]
        deployed.tunnel_url = stack.enter_context(tunnel_to(ports))
        yield deployed


def _api_host(deployed: Deployments) -> type[Proxy]:
    """Render's proxy before whichever server answers.

    What leaves is noted: a service worker's traffic is none of a page's, but it is paid for.
    """

    class ApiHost(Proxy):
        def answer(self) -> None:
            render_proxy(deployed.answering_port).answer(self)

        def send(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
            size = sum(len(f"{name}: {value}\r\n") for name, value in headers)
            deployed.sent_by_api_host.append((self.path, size + len(content)))
            super().send(status, headers, content)

    return ApiHost


def _vercel() -> Vercel:
    return Vercel(json.loads((ROOT / "vercel.json").read_text()))


def _static_host() -> Vercel:
    """A host without rewrites, whose policy lets the page talk to the API's origin."""
    policy = (
        "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
        f"form-action 'self'; frame-ancestors 'none'; connect-src 'self' https://{API_HOST}"
    )
    headers = [{"key": "Content-Security-Policy", "value": policy}]
    return Vercel({"rewrites": [], "headers": [{"source": "/(.*)", "headers": headers}]})


def _naming_the_api(folder: Path) -> Path:
    """The client as it is but for the one line that names the API."""
    shutil.copytree(CLIENT, folder)
    index = folder / "index.html"
    page = index.read_text()
    assert META.format("") in page
    index.write_text(page.replace(META.format(""), META.format(f"https://{API_HOST}")))
    return folder
