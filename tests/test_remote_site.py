"""The site before an inference tier: what its visitors and its operator see of it."""

import os
import re
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from harness.connection import Connection
from harness.databases import migrated_database
from harness.environment import development_environment
from harness.predictions import MULTIPART, predict_body
from harness.site import LiveSite, start
from inference_tier.protocol import Reply
from tests.support.inference_server import inference_server, served_models
from tests.support.live_account import predict, token_of_new_account

pytestmark = pytest.mark.live

METRICS_TOKEN = "a token of the operator"
LEFT = "{ viewer { quota { used } history { totalCount } } }"


def refused_code(site: LiveSite, token: str, image: bytes) -> str | None:
    with closing(Connection(site.port, token)) as connection:
        answer = connection.post(predict_body(image), MULTIPART).json()
    assert "secret" not in str(answer)
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else None


def left(site: LiveSite, token: str) -> object:
    with closing(Connection(site.port, token)) as connection:
        return connection.execute(LEFT, {}, {}).json()["data"]["viewer"]


def attempts(site: LiveSite) -> dict[str, float]:
    bearer = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    text = httpx.get(f"{site.url}/metrics", headers=bearer).text
    counter = r'^telltale_inference_attempts_total{outcome="(\w+)"} (\S+)$'
    return {name: float(count) for name, count in re.findall(counter, text, re.MULTILINE)}


def test_the_tier_may_come_later_be_overloaded_and_go_and_nobody_pays_for_it(
    postgres_url: str, model_directory: Path, tmp_path: Path, cat: bytes
) -> None:
    models = served_models(model_directory)
    with inference_server(models) as first:
        port = first.server.server_port
    variables = {
        "TELLTALE_ENGINE": "remote",
        "TELLTALE_INFERENCE_URLS": f"http://127.0.0.1:{port}",
        "METRICS_TOKEN": METRICS_TOKEN,
        "WEB_CONCURRENCY": "1",
    }
    with migrated_database(postgres_url, f"telltale_remote_{os.getpid()}") as database_url:
        environment = development_environment(database_url, variables)
        site = start(environment, tmp_path / "gunicorn.log")
        try:
            while not site.answers("/health/live"):
                assert site.process.poll() is None
            assert not site.answers("/health/ready")
            with inference_server(models, port=port) as tier:
                site.wait_until_ready()
                token = token_of_new_account(site)
                assert predict(site, token, cat)["label"] == "tiger cat"
                before = left(site, token)

                tier.misbehaves = lambda asked, reply: (
                    Reply(429, b"") if asked.path.endswith("/infer") else reply
                )
                assert refused_code(site, token, cat) == "BUSY"
                assert attempts(site)["TierBusy"] == 1
                tier.misbehaves = lambda asked, reply: (
                    Reply(400, b"a secret of the tier") if asked.path.endswith("/infer") else reply
                )
                assert refused_code(site, token, cat) == "INTERNAL_SERVER_ERROR"
            assert refused_code(site, token, cat) == "BUSY"  # it is gone
            assert left(site, token) == before
            assert site.answers("/health/ready")
            with inference_server(models, port=port):
                while refused_code(site, token, cat) == "BUSY":
                    time.sleep(0.2)
                assert predict(site, token, cat)["label"] == "tiger cat"
        finally:
            site.stop()
