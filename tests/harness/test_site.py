import os
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from harness.accounts import new_token
from harness.connection import Connection
from harness.databases import migrated_database
from harness.environment import EnvironmentOf, development_environment, production_environment
from harness.site import running_site, start

pytestmark = pytest.mark.live

NO_DATABASE = "postgres://nobody@127.0.0.1:1/nothing"


@pytest.mark.parametrize("environment_of", [development_environment, production_environment])
def test_a_site_of_either_settings_knows_the_token_of_an_account_made_on_it_and_leaves_nobody(
    environment_of: EnvironmentOf, postgres_url: str, model_directory: Path, tmp_path: Path
) -> None:
    name = f"telltale_{environment_of.__name__}_{os.getpid()}"
    with (
        migrated_database(postgres_url, name) as database_url,
        running_site(
            database_url, tmp_path / "log", workers=2, environment_of=environment_of
        ) as site,
    ):
        workers = site.workers(2)
        with closing(Connection(site.port, new_token(site.port))) as connection:
            viewer = connection.execute("{ viewer { email } }").json()["data"]["viewer"]

        code = site.stop()

    assert viewer["email"].endswith("@example.org")
    assert len(workers) == 2
    assert code == 0
    assert not any(worker.is_running() for worker in workers)


def test_a_site_that_does_not_start_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    with (
        pytest.raises(TimeoutError, match="WEB_CONCURRENCY"),
        running_site(NO_DATABASE, tmp_path / "log", workers=0),
    ):
        pass


def test_workers_are_ended_where_their_master_was_killed(
    postgres_url: str, model_directory: Path, tmp_path: Path
) -> None:
    with migrated_database(postgres_url, f"telltale_killed_master_{os.getpid()}") as database_url:
        site = start(development_environment(database_url, {}), tmp_path / "log")
        site.wait_until_ready()
        workers = psutil.Process(site.pid).children()
        site.process.kill()

        site.stop()

        psutil.wait_procs(workers, timeout=5)
        assert not any(worker.is_running() for worker in workers)
