"""Behind a PgBouncer in transaction mode: whoever asks next may have another server process."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psycopg2
import pytest

from harness.databases import migrated_database
from harness.site import LiveSite, running_site
from tests.support.live_account import token_of_new_account
from tests.support.pooler import find_pgbouncer, pooler

pytestmark = pytest.mark.live
PAGES = 40
AT_ONCE = 8  # four times as many as there are server processes
PAGE = "{ viewer { email history(first: 5) { edges { node { id label } } } } }"
FILTERED = "{ viewer { history(first: 5, filter: {minConfidence: 0.5}) { totalCount } } }"


@pytest.fixture(scope="module")
def pooled_site(
    postgres_url: str, model_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    program = find_pgbouncer()
    if program is None:
        pytest.skip("PgBouncer is not here and could not be installed.")
    folder = tmp_path_factory.mktemp("pooler")
    log = tmp_path_factory.mktemp("pooled_site") / "gunicorn.log"
    with (
        migrated_database(postgres_url, f"telltale_pooled_{os.getpid()}") as database_url,
        pooler(program, database_url, folder) as pooled_url,
        running_site(pooled_url, log, workers=2) as site,
    ):
        yield site


def ask(site: LiveSite, token: str, document: str) -> dict[str, object]:
    answer = httpx.post(
        f"{site.url}/graphql",
        content=json.dumps({"query": document}),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        timeout=30,
    )
    assert answer.status_code == 200
    return dict(answer.json())


def test_every_page_is_answered_whoever_answers_it(pooled_site: LiveSite) -> None:
    token = token_of_new_account(pooled_site)
    documents = [PAGE, FILTERED] * (PAGES // 2)
    with ThreadPoolExecutor(AT_ONCE) as clients:
        answers = list(clients.map(lambda document: ask(pooled_site, token, document), documents))

    assert [answer.get("errors") for answer in answers] == [None] * PAGES
    assert "Traceback" not in pooled_site.log.read_text()


def test_pages_are_left_to_threads_there(pooled_site: LiveSite) -> None:
    token = token_of_new_account(pooled_site)
    for _ in range(6):
        ask(pooled_site, token, PAGE)

    assert "there is a pooler in between" in pooled_site.log.read_text()


def test_nothing_of_a_session_is_left_for_others(pooled_site: LiveSite) -> None:
    token = token_of_new_account(pooled_site)
    for _ in range(6):
        ask(pooled_site, token, PAGE)

    with psycopg2.connect(pooled_site.database_url) as connection, connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            assert cursor.fetchone() == (0,)
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)
            connection.commit()
