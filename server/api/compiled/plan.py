"""A document that asks for pages of the viewer's history, made ready to be answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import DatabaseError
from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    get_operation_ast,
)
from graphql.execution.values import (
    VariableValues,
    get_argument_values,
    get_variable_values,
)
from strawberry.types import get_object_definition
from strawberry.types.arguments import convert_arguments

from server.accounts.models import User as UserRow
from server.api.accounts.types import User, user_of
from server.api.compiled.rows import (
    Columns,
    Member,
    Renderer,
    object_renderer,
    prediction_renderer,
)
from server.api.compiled.selection import Field, NotCompilable, Selection
from server.api.context import Context
from server.api.document import REMEMBERED_DOCUMENTS, ready_document
from server.api.document_limits import DOCUMENT_LIMITS
from server.api.errors import ApiError
from server.api.http.request import GraphQLRequest
from server.api.predictions.history import Neighbours, whole_history, window_of
from server.api.schema import schema
from server.observability.request_facts import facts
from server.predictions.cursors import encode_cursor
from server.predictions.errors import CursorInvalid
from server.predictions.history import History
from server.predictions.page_rows import Row, page_rows

_ROOT = "viewer"
_SORT_COLUMNS = ("created_at", "confidence")
_WINDOW_ARGUMENTS = ("first", "after", "last", "before")
# The executor finds the same, and says what is wrong.
_DECLINED = (ApiError, CursorInvalid, DatabaseError, GraphQLError)


@dataclass(frozen=True)
class Asked:
    """What an answer depends on beside the document."""

    user: UserRow
    context: Context
    variables: VariableValues


@dataclass(frozen=True)
class FoundPage:
    """The rows of a page, and how to find a row's cursor in them."""

    whole: History
    rows: list[Row]
    columns: Mapping[str, int]
    neighbours: Neighbours
    context: Context

    def cursor(self, row: Row) -> str:
        """Return the cursor of a row."""
        value = row[self.columns[self.whole.order.value.column]]
        return encode_cursor(value, row[self.columns["id"]])


@dataclass(frozen=True)
class Plan:
    """How an operation is answered."""

    operation: OperationDefinitionNode
    render: Callable[[Asked], dict[str, Any]]


def plan_of(request: GraphQLRequest) -> Plan | None:
    """Return how a request is answered; None where the executor has to."""
    if len(request.document) > DOCUMENT_LIMITS.characters:
        return None
    return _plan(request.document, request.operation_name)


def answer_of(plan: Plan, request: GraphQLRequest, context: Context) -> dict[str, Any] | None:
    """Return the data of an answer without errors; None where the executor has to answer."""
    operation = plan.operation
    try:
        user = context.reader()
        variables = get_variable_values(
            schema._schema,  # noqa: SLF001 - graphql-core's own
            operation.variable_definitions or (),
            request.variables or {},
        )
        if user is None or not isinstance(variables, VariableValues):
            return None
        data = plan.render(Asked(user, context, variables))
    except _DECLINED:
        return None
    facts().operation = _ROOT
    facts().operation_name = operation.name.value if operation.name else None
    return data


def compiled_answer(request: GraphQLRequest, context: Context) -> dict[str, Any] | None:
    """Return the data of an answer without errors; None where the executor has to answer."""
    plan = plan_of(request)
    return answer_of(plan, request, context) if plan else None


@lru_cache(maxsize=REMEMBERED_DOCUMENTS)
def _plan(document_text: str, operation_name: str | None) -> Plan | None:
    document = ready_document(schema._schema, document_text)  # noqa: SLF001 - graphql-core's own
    operation = document and get_operation_ast(document, operation_name)
    if not document or not operation or operation.operation is not OperationType.QUERY:
        return None
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    if operation.directives:
        return None
    try:
        selection = Selection("Query", [operation.selection_set], fragments)
        if {field.name for field in selection.fields()} != {_ROOT}:
            return None
        return Plan(operation, object_renderer(selection, Columns(), {_ROOT: _viewer}))
    except NotCompilable:
        return None


def _viewer(selection: Selection, field: Field, columns: Columns) -> Renderer:
    return object_renderer(selection.below(field, "User"), columns, _USER)


def _history(selection: Selection, field: Field, _columns: Columns) -> Renderer:
    arguments_of = _history_arguments(field)
    columns = Columns()
    columns.at("id")
    render = object_renderer(selection.below(field, "PredictionConnection"), columns, _CONNECTION)
    names = tuple(columns.names)
    places = {name: place for place, name in enumerate(names)}

    def answer(asked: Asked) -> object:
        given = arguments_of(asked.variables)
        window = window_of(**{name: given.get(name) for name in _WINDOW_ARGUMENTS})
        asked.context.row_budget.spend(window.size)
        whole = whole_history(asked.user, given.get("filter"), given["order_by"])
        rows, has_more = page_rows(whole, window, names)
        neighbours = Neighbours(whole, window, has_more=has_more)
        return render(FoundPage(whole, rows, places, neighbours, asked.context))

    return answer


def _history_arguments(field: Field) -> Callable[[VariableValues], dict[str, Any]]:
    """Return what gives the arguments as the resolver gets them."""
    user = schema._schema.get_type("User")  # noqa: SLF001 - graphql-core's own
    resolved = get_object_definition(User, strict=True).get_field("history")
    assert isinstance(user, GraphQLObjectType)  # noqa: S101 - both are in the schema
    assert resolved is not None  # noqa: S101
    in_schema, node = user.fields["history"], field.nodes[0]
    named = {argument.name.value for argument in node.arguments or ()}
    has_default = {
        name for name, argument in in_schema.args.items() if argument.default_value is not Undefined
    }
    arguments = [
        argument
        for argument in resolved.arguments
        if schema.config.name_converter.from_argument(argument) in named | has_default
    ]
    return lambda variables: convert_arguments(
        get_argument_values(in_schema, node, variables),
        arguments,
        scalar_registry=schema.schema_converter.scalar_registry,
        config=schema.config,
    )


def _edges(selection: Selection, field: Field, columns: Columns) -> Renderer:
    render = object_renderer(selection.below(field, "PredictionEdge"), columns, _EDGE)
    return lambda page: [render((page, row)) for row in page.rows]


def _node(selection: Selection, field: Field, columns: Columns) -> Renderer:
    render = prediction_renderer(selection.below(field, "Prediction"), columns)
    return lambda edge: render(edge[1])


def _page_info(selection: Selection, field: Field, columns: Columns) -> Renderer:
    return object_renderer(selection.below(field, "PageInfo"), columns, _PAGE_INFO)


def _with_cursor(tell: Renderer) -> Member:
    def member(_selection: Selection, _field: Field, columns: Columns) -> Renderer:
        for name in ("id", *_SORT_COLUMNS):  # the order is known with the variables only
            columns.at(name)
        return tell

    return member


def _cursor_at(place: int) -> Renderer:
    return lambda page: page.cursor(page.rows[place]) if page.rows else None


def _total_count(page: FoundPage) -> int:
    page.context.row_budget.spend_count()
    return page.whole.count()


_USER: dict[str, Member] = {
    "id": lambda *_: lambda asked: user_of(asked.user).id,
    "email": lambda *_: lambda asked: asked.user.email,
    "dateJoined": lambda *_: lambda asked: asked.user.date_joined,
    "history": _history,
}
_CONNECTION: dict[str, Member] = {
    "edges": _edges,
    "pageInfo": _page_info,
    "totalCount": lambda *_: _total_count,
}
_EDGE: dict[str, Member] = {
    "cursor": _with_cursor(lambda edge: edge[0].cursor(edge[1])),
    "node": _node,
}
_PAGE_INFO: dict[str, Member] = {
    "startCursor": _with_cursor(_cursor_at(0)),
    "endCursor": _with_cursor(_cursor_at(-1)),
    "hasNextPage": lambda *_: lambda page: page.neighbours.next_exists(),
    "hasPreviousPage": lambda *_: lambda page: page.neighbours.previous_exists(),
}
