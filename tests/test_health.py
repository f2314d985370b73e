import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harness.databases import database_away, migrated_database
from harness.environment import production_environment
from harness.site import LiveSite, running_site
from server.classifier.catalogue import Catalogue
from server.classifier.inference import Inference
from tests.support.api import Api
from tests.support.graphql_errors import error_codes

HEADERS = {"Host": "no.host.of.ours.example"}
DATABASE = f"telltale_health_{os.getpid()}"
# A request through the proxy in front, by somebody with a session.
SESSION = {
    "Host": "telltale.example",
    "X-Forwarded-Proto": "https",
    "Cookie": "sessionid=" + "x" * 32,
}


@pytest.fixture
def production(settings: object) -> None:
    """The settings of production that could turn a probe away."""
    settings.ALLOWED_HOSTS = ["telltale.example"]  # type: ignore[attr-defined]
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]


@pytest.fixture
def serve_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[Inference], None]:
    """Give the process another classifier."""

    def serve(inference: Inference) -> None:
        monkeypatch.setattr("server.health.inference", lambda: inference)
        monkeypatch.setattr("server.predictions.services.inference", lambda: inference)

    return serve


def test_a_process_that_answers_lives_and_asks_no_database() -> None:
    answer = Client().get("/health/live")  # this test has no database

    assert answer.status_code == 200
    assert json.loads(answer.content) == {"status": "ok", "checks": {"process": True}}


@pytest.mark.django_db
def test_a_process_with_database_and_model_is_ready(classifier_is_ready: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get("/health/ready")

    assert answer.status_code == 200
    assert json.loads(answer.content) == {
        "status": "ok",
        "checks": {"database": True, "model": True},
    }
    assert [query["sql"] for query in queries] == ["SELECT 1"]


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
@pytest.mark.django_db
def test_a_probe_is_answered_whatever_host_it_calls_and_without_tls(
    path: str, production: None, classifier_is_ready: None
) -> None:
    answer = Client().get(path, headers=HEADERS)

    assert answer.status_code == 200
    assert Client().get("/graphql?query={__typename}", headers=HEADERS).status_code in {301, 400}


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
@pytest.mark.django_db
def test_a_probe_touches_no_session_and_no_cookie(path: str, classifier_is_ready: None) -> None:
    client = Client()
    client.cookies["sessionid"] = "x" * 32

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)

    assert not answer.cookies
    assert not [query for query in queries if "session" in query["sql"]]
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_process_that_still_loads_its_model_is_not_ready(
    serve_with: Callable[[Inference], None], tmp_path: Path
) -> None:
    loading = Inference(Catalogue(tmp_path), max_wait_seconds=0.1)
    loading._started = True  # by a thread that takes its time
    serve_with(loading)

    answer = Client().get("/health/ready")

    assert answer.status_code == 503
    assert json.loads(answer.content) == {
        "status": "unavailable",
        "checks": {"database": True, "model": False},
    }
    assert Client().get("/health/live").status_code == 200


def test_a_prediction_while_the_model_loads_is_told_to_come_again(
    serve_with: Callable[[Inference], None], tmp_path: Path, alice: Api, cat: bytes
) -> None:
    loading = Inference(Catalogue(tmp_path), max_wait_seconds=0.1)
    loading._started = True  # by a thread that takes its time
    serve_with(loading)

    answer = alice.predict(cat)

    assert answer.codes == ["BUSY"]
    assert "model" in answer.body["errors"][0]["message"]
    assert alice.execute("{ viewer { quota { used } } }").data["viewer"]["quota"]["used"] == 0


def test_a_model_that_cannot_be_loaded_is_not_ready_and_says_so_at_once(
    serve_with: Callable[[Inference], None], tmp_path: Path, alice: Api, cat: bytes
) -> None:
    broken = Inference(Catalogue(tmp_path / "nothing here"), max_wait_seconds=3_600)
    serve_with(broken)

    answer = alice.predict(cat)  # would wait an hour if it were not told

    assert answer.codes == ["BUSY"]
    assert "model" in answer.body["errors"][0]["message"]
    assert str(tmp_path) not in answer.http.content.decode()
    assert Client().get("/health/ready").status_code == 503


@pytest.fixture(scope="module")
def site_of_production(
    postgres_url: str, model_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """The site with the settings of production, on a database of its own."""
    log = tmp_path_factory.mktemp("production") / "gunicorn.log"
    with (
        migrated_database(postgres_url, DATABASE) as database_url,
        running_site(
            database_url,
            log,
            variables={"ALLOWED_HOSTS": "telltale.example"},
            environment_of=production_environment,
        ) as site,
    ):
        yield site


@pytest.mark.live
def test_in_production_a_lost_database_is_not_ready_until_it_is_back(
    site_of_production: LiveSite, postgres_url: str
) -> None:
    with httpx.Client(base_url=site_of_production.url, timeout=10) as client:
        with database_away(postgres_url, DATABASE):
            lost = client.get("/health/ready")
            lives = client.get("/health/live")
            asked = client.get("/graphql", params={"query": "{ viewer { id } }"}, headers=SESSION)
        back = client.get("/health/ready")

    assert (lost.status_code, lives.status_code, back.status_code) == (503, 200, 200)
    assert lost.json() == {"status": "unavailable", "checks": {"database": False, "model": True}}
    assert (asked.status_code, error_codes(asked)) == (503, ["BUSY"])
    assert DATABASE.encode() not in asked.content


@pytest.mark.live
def test_in_production_only_what_is_no_probe_is_sent_to_https(site_of_production: LiveSite) -> None:
    with httpx.Client(base_url=site_of_production.url, timeout=10) as client:
        probe = client.get("/health/ready")
        page = client.get("/graphql", headers={"Host": "telltale.example"})

    assert probe.status_code == 200
    assert "location" not in probe.headers
    assert page.status_code == 301
    assert page.headers["location"] == "https://telltale.example/graphql"
