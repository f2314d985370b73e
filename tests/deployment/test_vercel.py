"""Vercel serves the client and passes everything else on, with the headers the server has."""

import json
import re
from typing import Any

import pytest
from csp.utils import build_policy
from django.urls import get_resolver

from harness.vercel import Vercel
from scripts.paths import ROOT
from scripts.set_api_address import with_api_address

TEXT = (ROOT / "vercel.json").read_text()
SERVER_PATHS = [
    "/graphql",
    "/graphql/",
    "/predictions/17/crop.webp",
    "/admin/",
    "/admin/login/",
    "/static/graphiql/graphiql.min.js",
    "/health/live",
    "/health/ready",
]
CLIENT_PATHS = ["/", "/index.html", "/main.js", "/assets/icons.svg", "/service-worker.js"]


@pytest.fixture(scope="module")
def configuration() -> dict[str, Any]:
    return json.loads(TEXT)


@pytest.fixture(scope="module")
def vercel() -> Vercel:
    return Vercel(json.loads(TEXT))


@pytest.mark.parametrize("path", SERVER_PATHS)
def test_what_the_server_answers_is_passed_on_as_it_is(vercel: Vercel, path: str) -> None:
    address = vercel.destination(path)
    assert address is not None
    assert re.sub(r"^https://[^/]+", "", address) == path


@pytest.mark.parametrize("path", [*CLIENT_PATHS, "/metrics", "/nothing"])
def test_what_the_server_need_not_answer_stays(vercel: Vercel, path: str) -> None:
    assert vercel.destination(path) is None


def test_no_path_of_the_server_is_forgotten() -> None:
    routes = {str(pattern.pattern).lstrip("^").split("/")[0] for pattern in _patterns()}
    assert routes == {"graphql", "predictions", "admin"}
    assert routes <= {path.split("/")[1] for path in SERVER_PATHS}


def test_all_rewrites_lead_to_one_origin(configuration: dict[str, Any]) -> None:
    assert len(_origins(configuration)) == 1


def test_one_command_moves_all_of_them() -> None:
    moved = with_api_address(TEXT, "https://photos.example.org")
    assert _origins(json.loads(moved)) == {"https://photos.example.org"}
    assert with_api_address(moved, _origins(json.loads(TEXT)).pop()) == TEXT


@pytest.mark.parametrize("path", ["/graphql", "/health/ready", "/admin/"])
def test_answers_are_kept_by_nobody(vercel: Vercel, path: str) -> None:
    assert vercel.headers(path) == {"Cache-Control": "private, no-store"}


@pytest.mark.parametrize("path", ["/predictions/17/crop.webp", "/static/graphiql/react.js"])
def test_pictures_and_hashed_files_keep_the_servers_headers(vercel: Vercel, path: str) -> None:
    assert vercel.headers(path) == {}


@pytest.mark.parametrize("path", CLIENT_PATHS)
def test_the_client_has_the_policy_of_the_server(vercel: Vercel, path: str) -> None:
    policy = vercel.headers(path)["Content-Security-Policy"]
    assert _directives(policy) == _directives(build_policy())


def test_the_client_has_the_other_security_headers(vercel: Vercel) -> None:
    headers = vercel.headers("/")
    del headers["Content-Security-Policy"]
    assert headers == {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
    }


def test_the_build_makes_what_the_client_shows(configuration: dict[str, Any]) -> None:
    assert configuration["outputDirectory"] == "client"
    script = configuration["buildCommand"].removeprefix("node ")
    assert (ROOT / script).is_file()
    assert configuration["installCommand"] == "npm ci --omit=dev"


def _patterns() -> list[Any]:
    return list(get_resolver().url_patterns)


def _origins(configuration: dict[str, Any]) -> set[str]:
    return {
        "/".join(rewrite["destination"].split("/")[:3]) for rewrite in configuration["rewrites"]
    }


def _directives(policy: str) -> dict[str, set[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: set(sources) for name, *sources in parts}
