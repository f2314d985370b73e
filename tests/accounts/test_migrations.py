"""From the version before: what it kept of people who mistyped, or are gone, is forgotten."""

from collections.abc import Iterator

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from server.accounts.models import Scope, User
from server.accounts.tokens import create_token

BEFORE = [("accounts", "0002_sessions_and_throttle")]
THIS = [("accounts", "0003_spelling_and_forgotten_addresses")]
LATEST = [("accounts", "0004_scope_manage")]


def migrate(state: list[tuple[str, str]]) -> None:
    MigrationExecutor(connection).migrate(state)


@pytest.fixture
def version_before(transactional_db: None) -> Iterator[None]:
    migrate(BEFORE)
    yield
    migrate(LATEST)


def execute(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_addresses_of_wrong_guesses_are_forgotten_and_their_tables_kept(
    version_before: None,
) -> None:
    # As its migrations make them; that version goes on using them until this one serves.
    execute("CREATE TABLE axes_accessattempt (id serial PRIMARY KEY, username text)")
    execute(
        "CREATE TABLE axes_accessattemptexpiration"
        " (access_attempt_id int PRIMARY KEY REFERENCES axes_accessattempt)"
    )
    try:
        execute("INSERT INTO axes_accessattempt (username) VALUES ('alice@example.org')")
        execute("INSERT INTO axes_accessattemptexpiration VALUES (1)")

        migrate(THIS)

        assert execute("SELECT count(*) FROM axes_accessattempt") == [(0,)]
        assert execute("SELECT count(*) FROM axes_accessattemptexpiration") == [(0,)]
    finally:
        execute("DROP TABLE axes_accessattemptexpiration, axes_accessattempt")


def test_the_admins_log_forgets_who_is_gone_already(version_before: None) -> None:
    root = User.objects.create_superuser("root@example.org")
    of_users = ContentType.objects.get_for_model(User)
    for key in (root.pk, root.pk + 1):
        LogEntry.objects.create(
            user=root,
            content_type=of_users,
            object_id=str(key),
            object_repr=f"user{key}@example.org",
            action_flag=CHANGE,
        )

    migrate(THIS)

    told = dict(LogEntry.objects.values_list("object_id", "object_repr"))
    assert told == {
        str(root.pk): f"user{root.pk}@example.org",
        str(root.pk + 1): f"user {root.pk + 1}",
    }


def test_it_can_be_gone_back_from(version_before: None) -> None:
    user = User.objects.create_user("alice@example.org")
    migrate(THIS)
    migrate(BEFORE)

    assert User.objects.get() == user


def test_before_tokens_could_manage_there_are_none_that_do(transactional_db: None) -> None:
    user = User.objects.create_user("alice@example.org")
    create_token(user, name="both", scopes=[Scope.READ, Scope.MANAGE], expires_at=None)

    migrate(THIS)
    try:
        assert execute("SELECT scopes FROM accounts_apitoken") == [(["READ"],)]
    finally:
        migrate(LATEST)
