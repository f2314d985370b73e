"""Rows that are read by just the columns a document needs, as plain tuples.

A column is told by its place. A resolver gets a view, which has the columns its field names, as
`only`, and nothing else: reading another one would be a query a row, so it is refused.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, FileField, ForeignKey, Model

from server.plans.errors import NotPlanned

Places = tuple[tuple[str, int], ...]
View = Callable[[Sequence[Any]], Any]  # from a row to what a resolver is given of it
REMEMBERED_VIEWS = 256


class NotARow(Exception):
    """Something is asked of a row that its columns do not tell: it is read as an object."""


class Columns:
    """The columns that are read of each row, by Django's paths to them."""

    def __init__(self, model: type[Model]) -> None:
        self.names: list[str] = []
        self.model = model

    def at(self, name: str) -> int:
        """Return the place of a column in a row, from now on at the latest."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)

    def view(self, prefix: str, names: Sequence[str]) -> View:
        """Return what makes a row into what has some of its columns as attributes."""
        return _view(tuple(sorted((name, self.at(prefix + name)) for name in names)))


class Row:
    """One of the objects in a row: the one it is of, or one that a foreign key of it leads to."""

    def __init__(self, columns: Columns, model: type[Model], prefix: str = "") -> None:
        self._columns = columns
        self.model = model
        self._prefix = prefix

    def place(self, attribute: str) -> int:
        """Return the place of a column.

        Raises:
            NotARow: it is none, or is told in another form than it is stored in.
        """
        found = self._field(attribute)
        if found.is_relation or not found.concrete or isinstance(found, FileField):
            raise NotARow
        return self._columns.at(self._prefix + attribute)

    def beyond(self, attribute: str, model: type[Model]) -> "Row":
        """Return the object that a foreign key leads to, always.

        Raises:
            NotARow: it is no such key.
        """
        key = self._field(attribute)
        if not isinstance(key, ForeignKey) or key.null or key.related_model is not model:
            raise NotARow
        return Row(self._columns, model, f"{self._prefix}{attribute}__")

    def view(self, names: Sequence[str]) -> View:
        """Return what makes a row into what a resolver is given.

        Raises:
            NotARow: its field names no columns.
        """
        if not names:
            raise NotARow
        return self._columns.view(self._prefix, names)

    def _field(self, attribute: str) -> "Field[Any, Any]":
        try:
            found = self.model._meta.get_field(attribute)
        except FieldDoesNotExist as error:
            raise NotARow from error
        if not isinstance(found, Field):
            raise NotARow
        return found


def _view(places: Places) -> View:
    """Return what makes a row into a view, by the names of columns with their places."""
    return partial(tuple.__new__, _view_class(places))


@lru_cache(maxsize=REMEMBERED_VIEWS)
def _view_class(places: Places) -> type[tuple[Any, ...]]:
    """Return the class of a row that has columns as attributes, and nothing else."""

    def refuse(_view: object, _name: str = "") -> Any:  # noqa: ANN401 - never
        raise NotPlanned("hint")

    attributes: dict[str, Any] = {"__slots__": (), "__getattr__": refuse}
    attributes |= {name: property(refuse) for name in ("count", "index")}
    for name, group in groupby(places, key=lambda each: each[0].partition("__")[0]):
        below = tuple((path.partition("__")[2], place) for path, place in group)
        is_column = below[0][0] == ""
        attributes[name] = property(itemgetter(below[0][1]) if is_column else _view(below))
    if "id" in attributes:
        attributes["pk"] = attributes["id"]
    return type("View", (tuple,), attributes)
