"""One run of a plan: what its functions are given beside the object they tell of."""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import FieldNode, GraphQLError, located_error
from graphql.execution.values import VariableValues

from server.plans.errors import NotPlanned

Read = Callable[[Any, "Run"], Any]  # from an object to what a field of it is
Tell = Callable[[Any, "Run"], Any]  # from what something is to what is told of it


# Keys of the answer, and lists as far as they have been told: the next is at their length.
Path = list[str | list[object]]


class Run:
    """The context and the variables of a request, and what went wrong with it so far."""

    __slots__ = ("arguments", "context", "errors", "path", "variables")

    def __init__(
        self,
        context: object,
        variables: VariableValues,
        arguments: dict[int, dict[str, Any]] | None = None,
    ) -> None:
        self.context = context
        self.variables = variables
        self.errors: list[GraphQLError] = []
        self.path: Path = []  # of the object that is told just now
        # By the place that wants them.
        self.arguments: dict[int, dict[str, Any]] = {} if arguments is None else arguments

    def catch(self, error: Exception, nodes: Sequence[FieldNode], *keys: str | int) -> None:
        """Note what a field failed with that may be null; it is beyond the path by these keys.

        Raises:
            NotPlanned: it was no failure.
        """
        self.errors.append(located(error, nodes, self.path, *keys))


def is_located(error: Exception) -> bool:
    """Whether it is known where an error came from, or it is none."""
    return isinstance(error, NotPlanned) or (
        isinstance(error, GraphQLError) and error.path is not None
    )


def located(
    error: Exception, nodes: Sequence[FieldNode], path: Path, *keys: str | int
) -> GraphQLError:
    """Return an error with the place it came from, which is the innermost.

    Raises:
        NotPlanned: it is none.
    """
    if isinstance(error, NotPlanned):
        raise error
    keys_so_far = [len(each) if isinstance(each, list) else each for each in path]
    return located_error(error, nodes, [*keys_so_far, *keys])
