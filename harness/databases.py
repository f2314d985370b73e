"""Databases on a PostgreSQL server that runs: empty ones, migrated ones, one that lets nobody in.

Every function takes the address of any database of the server, from which it is told what to do.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from harness.management import migrate
from scripts.paths import ROOT

TEMPLATE_PREFIX = "telltale_template_"
# Any number that nothing else of ours locks.
TEMPLATE_LOCK = 7_355_609


@contextmanager
def temporary_database(server_url: str, name: str) -> Iterator[str]:
    """Create an empty database, yield its address, and drop it."""
    drop_database(server_url, name)
    with cursor_at(server_url) as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield address_of(server_url, name)
    finally:
        drop_database(server_url, name)


@contextmanager
def migrated_database(server_url: str, name: str) -> Iterator[str]:
    """Create a database with the schema of this checkout, yield its address, and drop it."""
    create_migrated(server_url, name)
    try:
        yield address_of(server_url, name)
    finally:
        drop_database(server_url, name)


def create_migrated(server_url: str, name: str) -> None:
    """Create a database with the schema of this checkout, in the place of one that is there.

    The migrations run once a server and state, into a template; a copy takes a fraction of a
    second. Any number of processes may do this at once.
    """
    with cursor_at(server_url) as cursor:
        _drop(cursor, name)
        # Of the session, so that whoever dies frees it. Held for the copying too: nobody drops
        # the template of an earlier state while it is read.
        cursor.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        template = _template(cursor, server_url)
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        cursor.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))


def drop_database(server_url: str, name: str) -> None:
    """Drop a database if it is there, whoever is connected to it."""
    with cursor_at(server_url) as cursor:
        _drop(cursor, name)


@contextmanager
def database_away(server_url: str, name: str) -> Iterator[None]:
    """Let nobody into a database for a while, and throw out who is in; its server runs on."""
    with cursor_at(server_url) as cursor:
        _let_in(cursor, name, allowed=False)
        try:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            yield
        finally:
            _let_in(cursor, name, allowed=True)


def address_of(server_url: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


@contextmanager
def cursor_at(url: str) -> "Iterator[psycopg2.extensions.cursor]":
    """Connect to a database; every statement is committed by itself."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def state_of_migrations() -> str:
    """Return what the schema depends on, as 16 hexadecimal digits: our migrations and packages'."""
    digest = hashlib.sha256()
    for path in (ROOT / "constraints.txt", *sorted(ROOT.glob("server/**/migrations/*.py"))):
        digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _template(cursor: "psycopg2.extensions.cursor", server_url: str) -> str:
    """Return the name of the template of this state of the migrations, which is made if need be."""
    name = f"{TEMPLATE_PREFIX}{state_of_migrations()}"
    cursor.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TEMPLATE_PREFIX]
    )
    there = [row[0] for row in cursor.fetchall()]
    if name not in there:
        for outdated in there:  # or half made by somebody who was killed
            _drop(cursor, outdated)
        unfinished = f"{name}_unfinished"
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
        settings = {"DJANGO_SETTINGS_MODULE": "server.settings"}
        migrate({**os.environ, **settings, "DATABASE_URL": address_of(server_url, unfinished)})
        _let_in(cursor, unfinished, allowed=False)  # one that somebody is in can't be copied
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        cursor.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))
    return name


def _let_in(cursor: "psycopg2.extensions.cursor", name: str, *, allowed: bool) -> None:
    statement = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    cursor.execute(statement.format(sql.Identifier(name), sql.Literal(allowed)))


def _drop(cursor: "psycopg2.extensions.cursor", name: str) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    cursor.execute(statement.format(sql.Identifier(name)))
