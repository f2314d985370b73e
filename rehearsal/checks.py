"""What a deployment has to serve: each check says what it saw, or raises `RehearsalFailed`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from rehearsal.deployment import RehearsalFailed
from rehearsal.visitor import Visitor

YEAR_SECONDS = 31_536_000


@dataclass
class Rehearsal:
    """What the checks look at, and what one leaves for the next."""

    plain_address: str  # the server itself, without TLS
    render: Visitor
    stranger: Visitor
    vercel: Visitor
    photo: bytes
    expected_label: str
    metrics_token: str
    log: Path
    secrets: list[str] = field(default_factory=list)  # what no log may hold


Check = Callable[[Rehearsal], str]


def require(condition: object, otherwise: str) -> None:
    """Raise `RehearsalFailed` unless the condition holds."""
    if not condition:
        raise RehearsalFailed(otherwise)


def health(rehearsal: Rehearsal) -> str:
    """A probe comes over plain http, with a host name that is not ours."""
    for path in ("/health/live", "/health/ready"):
        answer = httpx.get(rehearsal.plain_address + path, headers={"Host": "10.1.2.3:10000"})
        require(answer.status_code == 200, f"{path} answers {answer.status_code}")
        require(answer.json()["status"] == "ok", answer.text)
    return "200 over plain http, whatever the Host"


def tls(rehearsal: Rehearsal) -> str:
    """Everything else is sent to https, and answers to its own name alone."""
    host = rehearsal.render.origin.removeprefix("https://")
    plain = httpx.get(rehearsal.plain_address, headers={"Host": host})
    require(plain.status_code == 301, f"http answers {plain.status_code}")
    require(plain.headers["Location"] == f"https://{host}/", plain.headers["Location"])
    forged = rehearsal.render.get("/graphql", Host="evil.example")
    require(forged.status_code == 400, f"a forged Host is answered with {forged.status_code}")
    return "http → 301 to https, a forged Host → 400"


def client(rehearsal: Rehearsal) -> str:
    """The client is compressed, and fetched again only if it has changed."""
    page = rehearsal.render.get("/", Accept_Encoding="br")
    require(page.status_code == 200 and "Telltale" in page.text, f"/ answers {page.status_code}")
    require(page.headers.get("Content-Encoding") == "br", "the page is not compressed")
    assets = set(re.findall(r'(?:src|href)="([\w./-]+\.(?:js|css|svg|webmanifest))"', page.text))
    require(len(assets) > 3, f"the page names {assets}")
    for asset in [*assets, "assets/icons.svg", "service-worker.js"]:
        answer = rehearsal.render.get(f"/{asset.lstrip('/')}")
        require(answer.status_code == 200, f"/{asset} answers {answer.status_code}")
        again = rehearsal.render.get(
            f"/{asset.lstrip('/')}", If_None_Match=answer.headers.get("ETag", "none")
        )
        require(again.status_code == 304, f"/{asset} is sent again, with {again.status_code}")
        require("max-age=0" in answer.headers["Cache-Control"], answer.headers["Cache-Control"])
    return f"{len(assets) + 2} files, br, revalidated with 304"


def security_headers(rehearsal: Rehearsal) -> str:
    """Pages carry what tells a browser to be careful."""
    for path in ("/", "/graphql"):
        headers = rehearsal.render.get(path, Accept="text/html").headers
        for name, value in {
            "Strict-Transport-Security": f"max-age={YEAR_SECONDS}",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }.items():
            require(headers.get(name) == value, f"{path} has {name}: {headers.get(name)}")
        policy = headers.get("Content-Security-Policy", "")
        require("default-src 'self'" in policy, f"{path} has the policy {policy!r}")
        require("frame-ancestors 'none'" in policy, f"{path} has the policy {policy!r}")
    return "HSTS, CSP, nosniff, referrer and opener policy on the client and the playground"


def playground(rehearsal: Rehearsal) -> str:
    """GraphiQL comes from here, in files that never change."""
    page = rehearsal.render.get("/graphql", Accept="text/html")
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    require(len(files) > 3, f"the page names {files}")
    for path in files:
        answer = rehearsal.render.get(path, Accept_Encoding="gzip")
        require(answer.status_code == 200, f"{path} answers {answer.status_code}")
        cache = answer.headers["Cache-Control"]
        require("immutable" in cache, f"{path} has Cache-Control: {cache}")
        require(re.search(r"\.[0-9a-f]{12}\.", path) is not None, f"{path} has no hash")
    return f"{len(files)} hashed files, immutable"


SERVING: list[Check] = [health, tls, client, security_headers, playground]
