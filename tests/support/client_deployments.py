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
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from scripts.compress_client import compress_client
from scripts.paths import CLIENT, ROOT
from scripts.rehearse_proxy import (
    LOOPBACK,
    make_certificate,
    render_proxy,
    serving,
    vercel_proxy,
)
from scripts.rehearse_vercel import Vercel
from tests.support.live_site import LiveSite, running_site

API_HOST = "telltale.onrender.com"
VERCEL_HOST = "telltale.vercel.app"
STATIC_HOST = "photos.example.org"
SECRET_KEY = "of a server that lives for a minute only"
META = '<meta name="telltale-api" content="{}">'


@dataclass(frozen=True)
class Deployments:
    """Origins, and how a browser on this machine finds them."""

    site: LiveSite
    resolver_rules: str
    api: str = f"https://{API_HOST}"
    vercel: str = f"https://{VERCEL_HOST}"
    static: str = f"https://{STATIC_HOST}"


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
        port = urlsplit(site.url).port
        assert port is not None
        api_port = stack.enter_context(serving(render_proxy(port), certificate))
        ports = {API_HOST: api_port}
        for host, (vercel, files) in {
            VERCEL_HOST: (json.loads((ROOT / "vercel.json").read_text()), CLIENT),
            STATIC_HOST: (_static_host(), _naming_the_api(folder / "static")),
        }.items():
            handler = vercel_proxy(Vercel(vercel), files, api_port, certificate)
            ports[host] = stack.enter_context(serving(handler, certificate))
        rules = ",".join(f"MAP {host} {LOOPBACK}:{port}" for host, port in ports.items())
        yield Deployments(site, rules)


def _static_host() -> dict[str, object]:
    """A host without rewrites, whose policy lets the page talk to the API's origin."""
    policy = (
        "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
        f"form-action 'self'; frame-ancestors 'none'; connect-src 'self' https://{API_HOST}"
    )
    headers = [{"key": "Content-Security-Policy", "value": policy}]
    return {"rewrites": [], "headers": [{"source": "/(.*)", "headers": headers}]}


def _naming_the_api(folder: Path) -> Path:
    """The client as it is but for the one line that names the API."""
    shutil.copytree(CLIENT, folder)
    index = folder / "index.html"
    page = index.read_text()
    assert META.format("") in page
    index.write_text(page.replace(META.format(""), META.format(f"https://{API_HOST}")))
    return folder
