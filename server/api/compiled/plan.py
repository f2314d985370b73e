"""Documents made ready to be answered, and their answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from graphql import (
    DocumentNode,
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
from server.api.document import (
    BYTES_PER_CHARACTER,
    REMEMBERED_BYTES,
    REMEMBERED_DOCUMENTS,
    DocumentPipeline,
    ready_document,
)
from server.api.document_limits import DOCUMENT_LIMITS
from server.api.errors import ApiError
from server.api.http.request import MAX_NAME_CHARACTERS, GraphQLRequest
from server.api.operation_facts import OperationFacts
from server.api.remembered import Remembered
from server.api.schema import schema
from server.api.variable_limits import check_variables
from server.observability.instruments import PASSED_ON
from server.observability.request_facts import facts
from server.predictions.errors import CursorInvalid
from server.predictions.page_rows import Row

_VIEWER = "viewer"
# The executor finds the same, and says what is wrong. Nothing was read when one of these is met:
# what fails later is told, and not tried again.
_DECLINED = (ApiError, CursorInvalid, GraphQLError)
# What these do around an operation is done here as well; what others do, nobody here knows.
_KNOWN_EXTENSIONS = {DocumentPipeline, OperationFacts}


@dataclass(frozen=True)
class NotPlanned:
    """The executor answers."""

    because: str | None = None  # a label of `PASSED_ON`


_Planned = Plan | PredictionPlan | NotPlanned
_plans: Remembered[tuple[str, str | None], _Planned] = Remembered(
    REMEMBERED_DOCUMENTS, REMEMBERED_BYTES
)


def question_of(request: GraphQLRequest) -> Question | None:
    """Return what a request asks for; None where the executor has to answer it."""
    plan = _plan(request)
    return _bound(plan, request) if isinstance(plan, Plan) else None


def known_question_of(request: GraphQLRequest) -> Question | None:
    """Return the same where the document has been compiled, which takes a while, and else None."""
    plan = _plans.get(_key(request)) if _is_short(request) else None
    return _bound(plan, request) if isinstance(plan, Plan) else None


def forget_plans() -> None:
    """Compile every document anew."""
    _plans.forget()


def _bound(plan: Plan, request: GraphQLRequest) -> Question | None:
    try:
        variables = _variables(plan.operation, request)
        return Question(plan, [page.query(variables) for page in plan.pages])
    except _DECLINED:
        return None


def answer_of(
    question: Question, context: Context, lone_rows: Sequence[Row] | None = None
) -> dict[str, Any] | None:
    """Return the data of an answer without errors; None where the executor has to answer.

    Args:
        question: what is asked.
        context: who asks.
        lone_rows: the rows of `question.lone_page`, where they have been read.
    """
    try:
        user = context.reader()
        if user is None or question.cost > context.row_budget.left:
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
    plan = _plan(request)
    if isinstance(plan, NotPlanned) and plan.because is not None:
        PASSED_ON.labels(plan.because).inc()
    if isinstance(plan, PredictionPlan) and context.request.method == "POST":
        return _predicted(plan, request, context)
    question = _bound(plan, request) if isinstance(plan, Plan) else None
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


def _key(request: GraphQLRequest) -> tuple[str, str | None]:
    return request.document, request.operation_name


def _is_short(request: GraphQLRequest) -> bool:
    """Whether a request may be looked for: what is looked for is hashed, and kept."""
    return (
        len(request.document) <= DOCUMENT_LIMITS.characters
        and len(request.operation_name or "") <= MAX_NAME_CHARACTERS
    )


def _plan(request: GraphQLRequest) -> _Planned:
    if not _is_short(request):
        return NotPlanned()
    planned = _plans.get(_key(request))
    if planned is None:
        ready = ready_document(schema._schema, request.document)  # noqa: SLF001 - graphql-core's own schema
        byte_count = ready[1] if ready else len(request.document) * BYTES_PER_CHARACTER
        planned = _planned(ready[0], request.operation_name) if ready else NotPlanned()
        if isinstance(planned, Plan):
            planned = replace(planned, byte_count=byte_count)
        _plans.keep(_key(request), planned, byte_count)
    return planned


def _planned(document: DocumentNode, operation_name: str | None) -> _Planned:
    if not _KNOWN_EXTENSIONS.issuperset(schema.extensions):
        return NotPlanned("extension")
    operation = get_operation_ast(document, operation_name)
    if not operation or operation.directives:
        return NotPlanned()
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
    except NotCompilable as error:
        return NotPlanned(error.because)
    return NotPlanned()


def _page_plan(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Plan:
    selection = Selection("Query", [operation.selection_set], fragments)
    if {field.name for field in selection.fields()} != {_VIEWER}:
        raise NotCompilable
    pages: list[WantedPage] = []
    render = object_renderer(selection, Columns(), {_VIEWER: partial(viewer_renderer, pages)})
    return Plan(operation, render, pages)
