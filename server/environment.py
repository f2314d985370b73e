"""The one module that reads the environment.

Each reader names its variable, its meaning and its default, and remembers it in `VARIABLES`, so
that the deployment guide can be compared with what is really read. A value that is missing or wrong
stops the start with one sentence that says what to set.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

Option = TypeVar("Option", bound=str)

_reader = environ.Env()


@dataclass(frozen=True)
class Variable:
    """An environment variable the server reads."""

    name: str
    purpose: str
    default: object  # None where the variable has to be set


VARIABLES: dict[str, Variable] = {}


def text(name: str, purpose: str, *, default: str | None = None) -> str:
    """Read a text; `ImproperlyConfigured` where it is missing and has no default."""
    _remember(name, purpose, default)
    value = _reader.str(name, default=default or "")
    if not value and default is None:
        raise _wrong(name, f"is not set; it is {purpose}")
    return str(value)


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
    _remember(name, purpose, default)
    value = _reader.str(name, default="")
    if not value:
        return default
    try:
        number = int(value)
    except ValueError as error:
        raise _wrong(name, f"is {value!r}; it must be a whole number") from error
    if number < minimum:
        raise _wrong(name, f"is {number}; it must be at least {minimum}")
    if maximum is not None and number > maximum:
        raise _wrong(name, f"is {number}; it must be at most {maximum}")
    return number


def names(name: str, purpose: str, *, default: tuple[str, ...] = ()) -> list[str]:
    """Read a list separated by commas; empty parts are dropped."""
    _remember(name, purpose, ",".join(default))
    value = _reader.str(name, default=",".join(default))
    return [part.strip() for part in value.split(",") if part.strip()]


def folder(name: str, purpose: str, *, default: Path) -> Path:
    """Read the path of a folder."""
    return Path(text(name, purpose, default=str(default)))


def database_url(name: str, purpose: str, *, required: bool) -> dict[str, Any]:
    """Read a `postgres://` address as a Django database; empty where it may be and is not set."""
    value = text(name, purpose, default=None if required else "")
    if not value:
        return {}
    if not value.startswith(("postgres://", "postgresql://")):
        raise _wrong(name, "must be a postgres:// address: PostgreSQL is the only database")
    return dict(_reader.db_url_config(value, engine="django.db.backends.postgresql"))


def email_url(name: str, purpose: str, *, default: str) -> dict[str, Any]:
    """Read an e-mail address such as `smtp+tls://user:password@host:587` as Django settings."""
    value = text(name, purpose, default=default)
    try:
        return dict(_reader.email_url_config(value))
    except (ImproperlyConfigured, KeyError, ValueError) as error:
        raise _wrong(name, "is no e-mail URL such as smtp+tls://user:password@host:587") from error


def _remember(name: str, purpose: str, default: object) -> None:
    VARIABLES[name] = Variable(name, purpose, default)


def _wrong(name: str, what: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"The environment variable {name} {what}.")
