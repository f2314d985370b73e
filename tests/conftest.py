import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from harness.databases import migrated_database
from harness.site import LiveSite, running_site
from server.accounts import emails
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.export import export
from server.classifier.image_file import load_heic
from server.classifier.packaged_file import packaged_file
from server.embedded_postgres.cluster import cluster_at
from server.postgres.patience import wait_without_limit
from server.predictions.inference import inference
from tests.support.api import Api

LONG = ("browser", "live")  # markers of tests, the longest first

load_heic()  # tests make pictures of the format themselves


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that processes side by side end together.

    Servers and browsers share a few cores with those of other tests. Where one was late, the test
    is tried once more; what passed only then is listed at the end, for a race is a fault.
    """
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in LONG])
    for item in items:
        if any(item.get_closest_marker(name) for name in LONG):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_collection_finish() -> None:
    """Refuse what would change this process for all tests: it belongs to a server's master."""
    assert "server.gunicorn_configuration" not in sys.modules
    wait_without_limit()  # which the WSGI application has begun, where a test imports it


@pytest.fixture(autouse=True)
def passwords_are_hashed_fast(settings: Settings) -> None:
    """Half a second a password would be most of the time of these tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class _SendsAtOnce(Executor):
    def submit(self, call: Callable[..., object], *arguments: object) -> None:  # type: ignore[override]
        call(*arguments)


@pytest.fixture(autouse=True)
def emails_are_sent_before_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a test finds them; tests/abuse/test_account_enumeration.py has them sent after it."""
    monkeypatch.setattr(emails, "_sender", _SendsAtOnce())


@pytest.fixture(scope="session")
def photo() -> Callable[[str], bytes]:
    """Return the bytes of one of the photos that scikit-image ships, by its file name."""
    return lambda file_name: packaged_file("scikit-image", file_name).read_bytes()


@pytest.fixture(scope="session")
def cat(photo: Callable[[str], bytes]) -> bytes:
    """A PNG of 451×300 pixels that shows a cat."""
    return photo("chelsea.png")


@pytest.fixture(scope="session")
def model_directory() -> Path:
    # The one that `make run` serves: exported only where its manifest is not already right.
    directory = Path(django_settings.MODEL_DIRECTORY)
    export(EFFICIENTNET_LITE0, directory)
    return directory


@pytest.fixture(scope="session")
def classifier_is_ready(model_directory: Path) -> None:
    """The classifier of the test process itself, loaded."""
    inference().start()
    inference()._finished_loading.wait(60)
    assert inference().is_ready()


@pytest.fixture
def new_api(db: None) -> Callable[[], Api]:
    """Make clients, each with cookies of its own."""
    return Api


@pytest.fixture
def api(new_api: Callable[[], Api]) -> Api:
    """A client of nobody yet."""
    return new_api()


@pytest.fixture
def alice(new_api: Callable[[], Api]) -> Api:
    """A client with the session of alice@example.org."""
    client = new_api()
    client.register("alice@example.org")
    return client


@pytest.fixture
def bob(new_api: Callable[[], Api]) -> Api:
    """A client with the session of bob@example.org."""
    client = new_api()
    client.register("bob@example.org")
    return client


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The address of the PostgreSQL server, for databases beside the one of the tests."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    cluster = cluster_at(Path(django_settings.DATABASES["default"]["OPTIONS"]["data_directory"]))
    cluster.join()
    return cluster.url("postgres")


@pytest.fixture(scope="session")
def live_site(
    postgres_url: str, model_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """The site on gunicorn with two workers."""
    log = tmp_path_factory.mktemp("live_site") / "gunicorn.log"
    with (
        migrated_database(postgres_url, f"telltale_live_{os.getpid()}") as database_url,
        running_site(database_url, log, workers=2) as site,
    ):
        yield site
