"""The guide's commands do what it says; `make rehearse` is the one that rehearses itself."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg2
import pytest
import yaml

from harness.databases import migrated_database, temporary_database
from harness.management import migrate
from harness.site import LiveSite, running_site
from scripts.paths import ROOT
from server.classifier.card import EFFICIENTNET_LITE0
from server.embedded_postgres.programs import program_directory
from tests.deployment.guide import GUIDE, commands
from tests.deployment.variables import variables_of
from tests.support.live_account import predict, token_of_new_account
from tests.support.object_storage import BUCKET, KEY, SECRET, Storage

pytestmark = pytest.mark.live

METRICS_TOKEN = "a token of the operator"
COMMANDS = commands()
EVERYTHING = """
SELECT p.id, p.user_id, p.label, p.scores, p.created_at, p.embedding, c.webp
FROM predictions_prediction p JOIN predictions_predictioncrop c ON c.prediction_id = p.id
ORDER BY p.id
"""


@dataclass(frozen=True)
class Place:
    """Where the commands are pasted: a site with a prediction in it."""

    site: LiveSite
    token: str
    variables: dict[str, str]

    def paste(self, name: str, folder: Path = ROOT, **further: str) -> str:
        """Run a marked block in bash, as it stands, and return what it printed."""
        pasted = subprocess.run(
            ["bash", "-euc", COMMANDS[name]],
            cwd=folder,
            env=self.variables | further,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert pasted.returncode == 0, pasted.stderr
        return pasted.stdout


@pytest.fixture(scope="module")
def place(
    postgres_url: str, model_directory: Path, tmp_path_factory: pytest.TempPathFactory, cat: bytes
) -> Iterator[Place]:
    log = tmp_path_factory.mktemp("guide") / "gunicorn.log"
    given = {"METRICS_TOKEN": METRICS_TOKEN}
    with (
        migrated_database(postgres_url, f"telltale_guide_{os.getpid()}") as database_url,
        running_site(database_url, log, variables=given) as site,
    ):
        token = token_of_new_account(site)
        predict(site, token, cat)
        programs = [str(Path(sys.executable).parent), str(program_directory())]
        variables = {
            "PATH": os.pathsep.join([*programs, os.environ["PATH"]]),
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "server.settings",  # as the service's shell has its own
            "SITE": site.url,
            **given,
        }
        yield Place(site, token, variables)


def test_every_command_of_the_guide_is_tried() -> None:
    blocks = len(re.findall(r"^ *```sh$", GUIDE, re.MULTILINE))
    assert len(COMMANDS) == blocks
    assert set(COMMANDS) == {
        "rehearse",
        "health",
        "administrator",
        "address of the api",
        "secret key",
        "metrics",
        "retention",
        "backup",
        "restore",
        "going back",
        "moving crops",
        "own network",
        "own model",
        "own answer",
    }


def test_the_rehearsal_is_a_target_of_make() -> None:
    assert COMMANDS["rehearse"] == "make rehearse\n"
    assert re.search(r"^rehearse: ## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_health(place: Place) -> None:
    assert '"status": "ok"' in place.paste("health")


def test_an_administrator_is_made(place: Place) -> None:
    # The command asks for the password; without a terminal it takes it from the environment.
    told = subprocess.run(
        ["bash", "-euc", f"{COMMANDS['administrator'].rstrip()} --noinput"],
        cwd=ROOT,
        env=place.variables | {"DJANGO_SUPERUSER_PASSWORD": "correct horse battery 9"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "Superuser created successfully." in told.stdout
    with psycopg2.connect(place.variables["DATABASE_URL"]) as connection:
        cursor = connection.cursor()
        cursor.execute(
            "SELECT is_staff AND is_superuser FROM accounts_user WHERE email LIKE 'you@%'"
        )
        assert cursor.fetchall() == [(True,)]
    connection.close()


def test_the_address_of_the_api_is_written_wherever_it_belongs(
    place: Place, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    configured = (ROOT / "vercel.json").read_text()
    elsewhere = configured.replace("https://telltale.onrender.com", "https://elsewhere.example")
    assert elsewhere != configured
    (tmp_path / "vercel.json").write_text(elsewhere)

    told = place.paste("address of the api", tmp_path)

    assert "https://telltale.onrender.com" in told
    assert (tmp_path / "vercel.json").read_text() == configured


def test_a_key_is_long_enough(place: Place) -> None:
    assert len(place.paste("secret key").strip()) >= 50


def test_the_cron_job_runs_the_command_with_variables_that_are_read() -> None:
    (job,) = yaml.safe_load(re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)[0])
    assert job["type"] == "cron"
    assert COMMANDS["retention"].strip().replace("\n", " && ") == job["startCommand"]
    known = {*variables_of("server.settings_production"), "DJANGO_SETTINGS_MODULE"}
    assert {variable["key"] for variable in job["envVars"]} <= known


def test_figures(place: Place) -> None:
    httpx.post(f"{place.site.url}/graphql", json={"query": "{"})  # an error, to be counted
    told = place.paste("metrics")
    listed = re.findall(r"`(telltale_\w+)`", GUIDE)
    assert len(listed) >= 9
    assert [name for name in listed if name not in told] == []


def test_crops_move_into_a_storage_and_back(place: Place) -> None:
    before, storage = rows(place.variables["DATABASE_URL"]), Storage()
    with storage.up():
        storage.make_bucket()
        variables = {
            "CROP_BUCKET": BUCKET,
            "CROP_STORAGE_URL": storage.url,
            "CROP_STORAGE_KEY": KEY,
            "CROP_STORAGE_SECRET": SECRET,
        }
        told = place.paste("moving crops", **variables)
        assert storage.keys() == set()
    moved = f"Moved {len(before)} crops into the "
    assert f"{moved}storage.\n{moved}database.\n" in told
    assert rows(place.variables["DATABASE_URL"]) == before


def test_a_network_of_ones_own_becomes_the_default_model(
    place: Place, model_directory: Path, tmp_path: Path, cat: bytes
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    built_in = f"{EFFICIENTNET_LITE0.name}-{EFFICIENTNET_LITE0.version}"
    (models / built_in).symlink_to(model_directory / built_in)
    place.paste("own network", tmp_path)
    (reference,) = re.findall(r"FROM=(\S+)", COMMANDS["own model"])
    # What make does with it, in a folder that is not the checkout.
    asked = subprocess.run(
        ["make", "-n", *COMMANDS["own model"].split()[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.splitlines()[-1] == f"exec .venv/bin/python -m scripts.model {reference}"
    made = subprocess.run(
        [sys.executable, "-m", "scripts.model", reference],
        cwd=tmp_path,
        env=place.variables | {"PYTHONPATH": str(ROOT), "MODEL_DIRECTORY": str(models)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert "tell where in a photo a label comes from" in made.stdout
    assert re.search(
        r"^Memory: \d+ MiB for all workers together, and \d+ MiB in each", made.stdout, re.MULTILINE
    )

    variables = {"MODEL_DIRECTORY": str(models), "MODELS": f"colours,{EFFICIENTNET_LITE0.name}"}
    log = tmp_path / "gunicorn.log"
    with running_site(place.variables["DATABASE_URL"], log, variables=variables) as site:
        told = json.loads(place.paste("own answer", SITE=site.url))["data"]["models"]
        answers = {name: try_out(site, cat, name) for name in (None, EFFICIENTNET_LITE0.name)}
    assert [(model["name"], model["isDefault"]) for model in told] == [
        ("colours", True),
        (EFFICIENTNET_LITE0.name, False),
    ]
    assert answers[None] in {"red", "green", "blue"}
    assert answers[EFFICIENTNET_LITE0.name] == "tiger cat"


def try_out(site: LiveSite, photo: bytes, model: str | None) -> str:
    """The label of an answer that is kept nowhere."""
    document = (
        "mutation ($photo: String!, $model: String) { tryPredict(input: "
        "{image: {base64: $photo}, model: $model}) { answer { label } errors { message } } }"
    )
    variables = {"photo": base64.b64encode(photo).decode(), "model": model}
    asked = {"query": document, "variables": variables}
    answer = httpx.post(f"{site.url}/graphql", json=asked, timeout=60).json()
    return str(answer["data"]["tryPredict"]["answer"]["label"])


def test_retention_keeps_what_is_young(place: Place) -> None:
    assert "Deleted 0 predictions" in place.paste("retention", PREDICTION_RETENTION_DAYS="30")
    assert len(rows(place.variables["DATABASE_URL"])) == 1


def test_a_backup_restores_everything_and_serves(
    place: Place, postgres_url: str, tmp_path: Path, cat: bytes
) -> None:
    place.paste("backup", tmp_path)
    with temporary_database(postgres_url, f"telltale_restored_{os.getpid()}") as restored:
        place.paste("restore", tmp_path, NEW_DATABASE_URL=restored)

        before = rows(place.variables["DATABASE_URL"])
        assert len(before) == 1
        assert rows(restored) == before
        with running_site(restored, tmp_path / "gunicorn.log") as site:
            # The token of before the backup still works, and what comes now gets an id of its own.
            predict(site, place.token, cat)
        assert len(rows(restored)) == 2


def test_going_back_and_forth_keeps_the_predictions(
    place: Place, postgres_url: str, tmp_path: Path
) -> None:
    place.paste("backup", tmp_path)
    with temporary_database(postgres_url, f"telltale_back_{os.getpid()}") as restored:
        place.paste("restore", tmp_path, NEW_DATABASE_URL=restored)
        assert "[X] 0001_initial" in place.paste("going back", DATABASE_URL=restored)
        migrate({**os.environ, "DATABASE_URL": restored})
        with running_site(restored, tmp_path / "gunicorn.log"):
            assert rows(restored) == rows(place.variables["DATABASE_URL"])


def rows(database_url: str) -> list[tuple[object, ...]]:
    """Every prediction with its crop."""
    connection = psycopg2.connect(database_url)
    try:
        cursor = connection.cursor()
        cursor.execute(EVERYTHING)
        return [
            tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
            for row in cursor.fetchall()
        ]
    finally:
        connection.close()
