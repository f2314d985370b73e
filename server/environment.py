"""The one module that reads the environment.

Each reader names its variable, its meaning and its default, and remembers it in `VARIABLES`, so
that the deployment guide can be compared with what is really read. A value that is missing or wrong
stops the start with one sentence that says what to set.
"""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

Option = TypeVar("Option", bound=str)

# Ports that mail servers listen on where an address names none; RFC 6409 and RFC 8314.
SMTP_PORTS = {"smtp": 25, "smtps": 587, "smtp+tls": 587, "smtp+ssl": 465}

# A database that neither answers nor refuses is noticed by the system within so long. libpq keeps
# these to itself, so every pooler takes them: what `options` sends, PgBouncer refuses.
CONNECTION_OPTIONS = {
    "connect_timeout": 5,  # seconds
    "keepalives": 1,
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 5,  # seconds
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,  # milliseconds
}

SETTINGS = "DJANGO_SETTINGS_MODULE"
SIGNS_OF_PRODUCTION = ("RENDER", "DATABASE_URL")  # Render sets the first, whoever deploys the other

_reader = environ.Env()


@dataclass(frozen=True)
class Variable:
    """An environment variable the server reads."""

    name: str
    purpose: str
    default: object  # None where the variable has to be set
    fallback: str | None = None  # the variable that is read in its place where it is not set


VARIABLES: dict[str, Variable] = {}


def text(
    name: str, purpose: str, *, default: str | None = None, fallback: str | None = None
) -> str:
    """Read a text; `ImproperlyConfigured` where it is missing and has no default."""
    VARIABLES[name] = Variable(name, purpose, default, fallback)
    value = str(_reader.str(name, default=""))
    if not value and fallback is not None:
        value = str(_reader.str(fallback, default=""))
    if not value and default is None:
        raise _wrong(name, f"is not set; it is {purpose}")
    return value or str(default)


def secret(name: str, purpose: str, *, min_length: int, default: str | None = None) -> str:
    """Read what nobody may guess: at least `min_length` characters, or the default."""
    value = text(name, purpose, default=default)
    if value != default and len(value) < min_length:
        raise _wrong(name, f"has {len(value)} characters; it must have at least {min_length}")
    return value


def choice(name: str, purpose: str, *, options: tuple[Option, ...], default: Option) -> Option:
    """Read one of `options`."""
    value = text(name, purpose, default=default)
    for option in options:
        if option == value:
            return option
    raise _wrong(name, f"is {value!r}; it must be one of {', '.join(options)}")


def integer(
    name: str, purpose: str, *, default: int, minimum: int = 0, maximum: int | None = None
) -> int:
    """Read a whole number from `minimum` to `maximum`."""
    value = text(name, purpose, default=str(default))
    try:
        number = int(value)
    except ValueError as error:
        raise _wrong(name, f"is {value!r}; it must be a whole number") from error
    if number < minimum:
        raise _wrong(name, f"is {number}; it must be at least {minimum}")
    if maximum is not None and number > maximum:
        raise _wrong(name, f"is {number}; it must be at most {maximum}")
    return number


def host_names(name: str, purpose: str, *, fallback: str) -> list[str]:
    """Read host names separated by commas, at least one, each without scheme, port or path."""
    hosts = _parts(text(name, purpose, fallback=fallback))
    for host in hosts:
        if not re.fullmatch(r"\.?[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:]+\]", host):
            raise _wrong(name, f"holds {host!r}, which is no host name such as photos.example.org")
    return hosts


def names(name: str, purpose: str) -> tuple[str, ...]:
    """Read names separated by commas, each once; may be none."""
    values = _parts(text(name, purpose, default=""))
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        raise _wrong(name, f"names {twice!r} twice")
    return tuple(values)


def origins(name: str, purpose: str, *, schemes: tuple[str, ...] = ("https", "http")) -> list[str]:
    """Read origins such as `https://telltale.vercel.app`, separated by commas; may be none."""
    values = [part.rstrip("/") for part in _parts(text(name, purpose, default=""))]
    for value in values:
        _require_origin(name, value, schemes)
    return values


def origin(
    name: str,
    purpose: str,
    *,
    default: str | None = None,
    fallback: str | None = None,
    schemes: tuple[str, ...] = ("https", "http"),
) -> str:
    """Read the origin of a site, such as `https://telltale.onrender.com`."""
    value = text(name, purpose, default=default, fallback=fallback).rstrip("/")
    _require_origin(name, value, schemes)
    return value


def addresses(name: str, purpose: str, *, required: bool) -> tuple[str, ...]:
    """Read http and https addresses separated by commas, each with a path or without."""
    values = [
        part.rstrip("/") for part in _parts(text(name, purpose, default=None if required else ""))
    ]
    for value in values:
        try:
            parts = urlsplit(value)
            is_address = bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_address = False
        if (
            not is_address
            or parts.scheme not in ("http", "https")
            or any((parts.username, parts.password, parts.query, parts.fragment))
        ):
            raise _wrong(name, f"holds {value!r}; it must be an address such as https://host/path")
    if required and not values:
        raise _wrong(name, f"names nothing; it is {purpose}")
    return tuple(values)


def file(name: str, purpose: str) -> Path | None:
    """Read the path of a file that has to be there; None where none is named."""
    value = text(name, purpose, default="")
    if value and not Path(value).is_file():
        raise _wrong(name, f"is {value!r}, where no file is")
    return Path(value) if value else None


def folder(name: str, purpose: str, *, default: Path) -> Path:
    """Read the path of a folder."""
    return Path(text(name, purpose, default=str(default)))


def database_url(name: str, purpose: str, *, required: bool) -> dict[str, Any]:
    """Read a `postgres://` address as a Django database; empty where it may be and is not set."""
    value = text(name, purpose, default=None if required else "")
    if not value:
        return {}
    wanted = "must be a postgres:// address with the name of a database: PostgreSQL is the only one"
    if not value.startswith(("postgres://", "postgresql://")):
        raise _wrong(name, wanted)
    try:
        database = dict(_reader.db_url_config(value, engine="server.postgres"))
    except ValueError as error:
        raise _wrong(name, wanted) from error
    if not database["NAME"]:
        raise _wrong(name, wanted)
    return database | {"OPTIONS": CONNECTION_OPTIONS | database.get("OPTIONS", {})}


def email_url(
    name: str, purpose: str, *, default: str, refused: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Read an e-mail address such as `smtp+tls://user:password@host:587` as Django settings."""
    value = text(name, purpose, default=default)
    scheme = value.partition(":")[0]
    if scheme in refused:
        raise _wrong(name, f"is {scheme}, which would show everybody's codes in the log")
    wanted = "is no e-mail URL such as smtp+tls://user:password@host:587"
    try:
        settings = dict(_reader.email_url_config(value))
    except (ImproperlyConfigured, KeyError, ValueError) as error:
        raise _wrong(name, wanted) from error
    if scheme in SMTP_PORTS:
        if not settings["EMAIL_HOST"]:
            raise _wrong(name, wanted)
        settings["EMAIL_PORT"] = settings["EMAIL_PORT"] or SMTP_PORTS[scheme]
    return settings


def choose_settings() -> None:
    """Name the settings of development where none are named, and say so.

    They have a secret that everybody knows, and answer to every host name: one variable that was
    forgotten must not serve with them.

    Raises:
        ImproperlyConfigured: the environment looks like production.
    """
    if os.environ.get(SETTINGS):
        return
    for name in SIGNS_OF_PRODUCTION:
        if os.environ.get(name):
            what = f"is not set, and {name} looks like production: name server.settings_production"
            raise _wrong(SETTINGS, f"{what}, or server.settings for development")
    os.environ[SETTINGS] = "server.settings"
    sys.stderr.write(f"{SETTINGS} is not set: using server.settings, which are for development.\n")


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _require_origin(name: str, value: str, schemes: tuple[str, ...]) -> None:
    try:
        parts = urlsplit(value)
        is_origin = value == f"{parts.scheme}://{parts.netloc}" and bool(parts.hostname)
        is_plain = parts.port is not None or not parts.netloc.endswith(":")
    except ValueError:
        is_origin = is_plain = False
    if not is_origin or not is_plain or value != value.lower() or "*" in value or "@" in value:
        raise _wrong(
            name, f"holds {value!r}; it must be an origin: {schemes[0]}://host in lower case"
        )
    if parts.scheme not in schemes:
        raise _wrong(name, f"holds {value!r}; it must begin with {schemes[0]}://")


def _wrong(name: str, what: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"The environment variable {name} {what}.")
