"""A document that asks for pages of the viewer's history, made ready to be answered."""

from functools import lru_cache, partial
from typing import Any

from django.db import DatabaseError
from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    OperationType,
    get_operation_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from server.api.compiled.question import Asked, Plan, Question, WantedPage
from server.api.compiled.rows import Columns, object_renderer
from server.api.compiled.selection import NotCompilable, Selection
from server.api.compiled.viewer import viewer_renderer
from server.api.context import Context
from server.api.document import REMEMBERED_DOCUMENTS, ready_document
from server.api.document_limits import DOCUMENT_LIMITS
from server.api.errors import ApiError
from server.api.http.request import GraphQLRequest
from server.api.remembered import Remembered
from server.api.schema import schema
from server.observability.request_facts import facts
from server.predictions.errors import CursorInvalid
from server.predictions.page_rows import Row

_ROOT = "viewer"
# The executor finds the same, and says what is wrong.
_DECLINED = (ApiError, CursorInvalid, DatabaseError, GraphQLError)


def question_of(request: GraphQLRequest) -> Question | None:
    """Return what a request asks for; None where the executor has to answer it."""
    if len(request.document) > DOCUMENT_LIMITS.characters:
        return None
    plan = _plan(request.document, request.operation_name)
    if plan is None:
        return None
    _compiled.keep((request.document, request.operation_name), plan)
    return _bound(plan, request)


def known_question_of(request: GraphQLRequest) -> Question | None:
    """Return the same where the document has been compiled, which takes a while, and else None."""
    plan = _compiled.get((request.document, request.operation_name))
    return _bound(plan, request) if plan else None


def _bound(plan: Plan, request: GraphQLRequest) -> Question | None:
    try:
        variables = get_variable_values(
            schema._schema,  # noqa: SLF001 - graphql-core's own
            plan.operation.variable_definitions or (),
            request.variables or {},
        )
        if not isinstance(variables, VariableValues):
            return None
        return Question(plan, [page.query(variables) for page in plan.pages])
    except _DECLINED:
        return None


def answer_of(
    question: Question, context: Context, lone_rows: list[Row] | None = None
) -> dict[str, Any] | None:
    """Return the data of an answer without errors; None where the executor has to answer.

    Args:
        question: what is asked.
        context: who asks.
        lone_rows: the rows of `question.lone_page`, where they have been read.
    """
    try:
        user = context.reader()
        if user is None:
            return None
        data = question.plan.render(Asked(user, context, question, lone_rows))
    except _DECLINED:
        return None
    name = question.plan.operation.name
    facts().operation = _ROOT
    facts().operation_name = name.value if name else None
    return data


def compiled_answer(request: GraphQLRequest, context: Context) -> dict[str, Any] | None:
    """Return the data of an answer without errors; None where the executor has to answer."""
    question = question_of(request)
    return answer_of(question, context) if question else None


_compiled: Remembered[tuple[str, str | None], Plan] = Remembered(REMEMBERED_DOCUMENTS)


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
        pages: list[WantedPage] = []
        render = object_renderer(selection, Columns(), {_ROOT: partial(viewer_renderer, pages)})
        return Plan(operation, render, pages)
    except NotCompilable:
        return None
