"""The arguments of a field, as its resolver gets them."""

from collections.abc import Callable
from enum import Enum
from typing import Any

from graphql import GraphQLError, VariableNode, Visitor, visit
from graphql.execution.values import get_argument_values

from server.plans.insides import Place, converted
from server.plans.running import Run

Arguments = Callable[[Run], dict[str, Any]]
_UNCHANGING = (str, int, float, bool, Enum, type(None))


def constant_arguments(place: Place) -> dict[str, Any] | None:
    """Return the arguments that are the same in every run; None where they are not."""
    node = place.nodes[0]
    if node.arguments and _has_variable(node.arguments):
        return None
    try:
        given = converted(
            place.operation.strawberry, place.declared, get_argument_values(place.in_graphql, node)
        )
    except GraphQLError:
        return None  # told by every run
    return given if all(isinstance(each, _UNCHANGING) for each in given.values()) else None


def arguments_of_run(place: Place) -> Arguments:
    """Return what gives the arguments of a run, found once for all the rows that want them.

    It raises the `GraphQLError` that the executor would.
    """
    node, key = place.nodes[0], id(place)

    def arguments(run: Run) -> dict[str, Any]:
        found = run.arguments.get(key)
        if found is None:
            given = get_argument_values(place.in_graphql, node, run.variables)
            found = converted(place.operation.strawberry, place.declared, given)
            run.arguments[key] = found
        return found

    return arguments


def _has_variable(nodes: Any) -> bool:  # noqa: ANN401 - nodes of graphql-core
    class Finder(Visitor):
        found = False

        def enter_variable(self, *_: VariableNode) -> None:
            self.found = True

    finder = Finder()
    for node in nodes:
        visit(node, finder)
    return finder.found
