"""Relay's global ids: one opaque id tells which object of which type is meant."""

import base64
import binascii
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import strawberry
import strawberry_django

from server.plans.objects import itself

_KEY_OF_NOTHING = -1
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_DESCRIPTION = "The id of the object, unique among all objects. Opaque: keep it, do not read it."


@strawberry.interface(description="An object with an id that is unique among all objects.")
class Node:
    """An object that can be fetched again by its id."""

    id: strawberry.ID = strawberry.field(description=_DESCRIPTION)


def id_of_row(
    type_name: str,
    key: Callable[[Any], int | str] = attrgetter("pk"),
    only: Sequence[str] = ("id",),
) -> Any:  # noqa: ANN401 - a field, which is declared by its value
    """Return the field with the id of a row, which is of its key in some of its columns.

    Ours, because the library's `relay.Node` makes an error of an id that is none, where we answer
    null.
    """

    def resolve(root: Any) -> strawberry.ID:  # noqa: ANN401 - a row of whichever model
        return global_id(type_name, key(root))

    return strawberry_django.field(resolver=resolve, only=list(only), description=_DESCRIPTION)


def same_row(description: str) -> Any:  # noqa: ANN401 - as above
    """Return the field with further facts of the same row, told by a type of their own."""
    return strawberry_django.field(resolver=itself, description=description)


def global_id(type_name: str, key: int | str) -> strawberry.ID:
    """Return the id of an object."""
    encoded = binascii.b2a_base64(f"{type_name}:{key}".encode(), newline=False)
    return strawberry.ID(encoded.translate(_URL_SAFE).decode())


def parse_global_id(global_id: str) -> tuple[str, str] | None:
    """Return the type's name and the key in an id; None where it is no id of ours."""
    try:
        text = base64.b64decode(global_id.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    type_name, separator, key = text.partition(":")
    return (type_name, key) if separator else None


def key_of(type_name: str, global_id: str) -> int | None:
    """Return the database key in an id of the type; None where it is none."""
    parsed = parse_global_id(global_id)
    if parsed is None or parsed[0] != type_name:
        return None
    key = parsed[1]
    is_key = key.isascii() and key.isdigit() and len(key) <= len(str(2**63 - 1))
    return int(key) if is_key and int(key) < 2**63 else None


def keys_of(type_name: str, global_ids: Sequence[str]) -> list[int]:
    """Return the database keys in ids of the type; one that nothing has where it is none."""
    keys = (key_of(type_name, each) for each in global_ids)
    return [_KEY_OF_NOTHING if key is None else key for key in keys]
