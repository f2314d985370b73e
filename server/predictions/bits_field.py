"""A column of bits, which Django has no field for."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class BitsField(models.TextField):  # type: ignore[type-arg] # not at run time
    """So many bits at most, as PostgreSQL writes them: `0100…`."""

    def __init__(self, max_bits: int, **options: Any) -> None:  # noqa: ANN401 - those of any field
        """Remember how many."""
        super().__init__(**options)
        self.max_bits = max_bits

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what a migration writes down."""
        name, path, arguments, options = super().deconstruct()
        return name, path, [self.max_bits, *arguments], options

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002 - PostgreSQL's alone
        """Return the type of the column."""
        return f"bit varying({self.max_bits})"
