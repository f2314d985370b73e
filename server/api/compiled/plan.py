"""Documents made ready to be answered, and their answers."""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from django.db import DatabaseError
from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from server.api.compiled.prediction import ROOT as PREDICT
from server.api.compiled.prediction import PredictionPlan, prediction_plan
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
from server.api.variable_limits import check_variables
from server.observability.request_facts import facts
from server.predictions.errors import CursorInvalid
from server.predictions.page_rows import Row

_VIEWER = "viewer"
# The executor finds the same, and says what is wrong.
_DECLINED = (ApiError, CursorInvalid, DatabaseError, GraphQLError)


def question_of(request: GraphQLRequest) -> Question | None:
    """Return what a request asks for; None where the executor has to answer it."""
    plan = _plan(request.document, request.operation_name)
    if not isinstance(plan, Plan):
        return None
    _compiled.keep((request.document, request.operation_name), plan)
    return _bound(plan, request)


def known_question_of(request: GraphQLRequest) -> Question | None:
    """Return the same where the document has been compiled, which takes a while, and else None."""
    plan = _compiled.get((request.document, request.operation_name))
    return _bound(plan, request) if plan else None


def _bound(plan: Plan, request: GraphQLRequest) -> Question | None:
    try:
        variables = _variables(plan.operation, request)
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
    _note(_VIEWER, question.plan.operation)
    return data


def compiled_answer(request: GraphQLRequest, context: Context) -> dict[str, Any] | None:
    """Return the data of an answer without errors; None where the executor has to answer.

    Raises:
        PredictionFailed: a prediction was tried; the executor has to tell why there is none.
    """
    if context.request.method == "POST":
        plan = _plan(request.document, request.operation_name)
        if isinstance(plan, PredictionPlan):
            return _predicted(plan, request, context)
    question = question_of(request)
    return answer_of(question, context) if question else None


def _predicted(
    plan: PredictionPlan, request: GraphQLRequest, context: Context
) -> dict[str, Any] | None:
    try:
        data = plan.answer(_variables(plan.operation, request), context)
    except _DECLINED:
        return None
    _note(PREDICT, plan.operation)
    return data


def _variables(operation: OperationDefinitionNode, request: GraphQLRequest) -> VariableValues:
    """Return the variables of an operation, as they are given.

    Raises:
        GraphQLError: they are not what the operation asks for.
        ApiError: something in them is too long to be anything.
    """
    check_variables(schema._schema, operation, request.variables or {})  # noqa: SLF001 - as below
    variables = get_variable_values(
        schema._schema,  # noqa: SLF001 - graphql-core's own
        operation.variable_definitions or (),
        request.variables or {},
        max_errors=1,  # one is enough: the executor tells all it would tell
    )
    if not isinstance(variables, VariableValues):
        raise variables[0]
    return variables


def _note(root: str, operation: OperationDefinitionNode) -> None:
    """Tell the log what was answered, as `OperationFacts` does."""
    facts().operation = root
    facts().operation_name = operation.name.value if operation.name else None


_compiled: Remembered[tuple[str, str | None], Plan] = Remembered(REMEMBERED_DOCUMENTS)


@lru_cache(maxsize=REMEMBERED_DOCUMENTS)
def _plan(document_text: str, operation_name: str | None) -> Plan | PredictionPlan | None:
    if len(document_text) > DOCUMENT_LIMITS.characters:
        return None
    document = ready_document(schema._schema, document_text)  # noqa: SLF001 - graphql-core's own
    operation = document and get_operation_ast(document, operation_name)
    if not document or not operation or operation.directives:
        return None
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    try:
        match operation.operation:
            case OperationType.QUERY:
                return _page_plan(operation, fragments)
            case OperationType.MUTATION:
                selection = Selection("Mutation", [operation.selection_set], fragments)
                return prediction_plan(operation, selection)
    except NotCompilable:
        pass
    return None


def _page_plan(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Plan:
    selection = Selection("Query", [operation.selection_set], fragments)
    if {field.name for field in selection.fields()} != {_VIEWER}:
        raise NotCompilable
    pages: list[WantedPage] = []
    render = object_renderer(selection, Columns(), {_VIEWER: partial(viewer_renderer, pages)})
    return Plan(operation, render, pages)
