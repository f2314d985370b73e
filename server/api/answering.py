"""How an operation is answered: by its plan, where there is one, and else by the executor.

A plan is made when a document comes for the second time: one that never comes again costs nothing.
What the executor checks before it executes is checked here as well, by the same functions: a
document's limits and its validity by `ready_document`, its variables, its operation's type.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from graphql import GraphQLError
from graphql.execution.values import VariableValues
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

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
from server.api.operation_facts import Called, OperationFacts, called, note
from server.api.remembered import Remembered
from server.api.schema import schema
from server.api.variable_limits import check_variables
from server.observability.instruments import PASSED_ON
from server.plans.errors import NotPlanned
from server.plans.plan import Plan, plan_of

# What these do around an operation is done here as well; what others do, nobody here knows.
_KNOWN_EXTENSIONS = {DocumentPipeline, OperationFacts}
# Moments and days in UTC are written by orjson as these scalars write them.
ENCODED = {"DateTime": datetime, "Date": date}
_BYTES_OF_A_VARIANT = 2  # as many as its document takes


@dataclass
class Ready:
    """A plan, and what is told of it."""

    plan: Plan
    called: Called
    byte_count: int
    takes_more: bool = False  # than the statement of a page: it was tried, see `questions`


@dataclass(frozen=True)
class Unready:
    """The executor answers."""

    because: str | None = None  # a label of `PASSED_ON`


_Key = tuple[str, str | None]
_seen: Remembered[_Key, bool] = Remembered(REMEMBERED_DOCUMENTS, REMEMBERED_BYTES)
_plans: Remembered[_Key, Ready | Unready] = Remembered(REMEMBERED_DOCUMENTS, REMEMBERED_BYTES)


def answer(
    request: GraphQLRequest, context: Context, allowed: Collection[OperationType]
) -> ExecutionResult:
    """Return the answer to a request.

    Raises:
        InvalidOperationTypeError, CannotGetOperationTypeError: there is nothing to execute.
    """
    ready = _ready(request)
    if isinstance(ready, Ready) and _is_allowed(ready.plan, allowed):
        budget = context.row_budget.left
        try:
            variables = variables_of(ready.plan, request)
        except (ApiError, GraphQLError):
            variables = None  # the executor tells all that is wrong with them
        if variables is not None:
            note(ready.called)
            try:
                answered = ready.plan.answer(context, variables)
                return ExecutionResult(answered.data, answered.errors)
            except NotPlanned as error:
                ready = Unready(error.because)
                context.row_budget.left = budget  # it is executed from the beginning
    if isinstance(ready, Unready) and ready.because is not None:
        PASSED_ON.labels(ready.because).inc()
    return schema.execute_sync(
        request.document,
        variable_values=request.variables,
        operation_name=request.operation_name,
        context_value=context,
        allowed_operation_types=allowed,
    )


def known_plan(request: GraphQLRequest) -> Ready | None:
    """Return the plan of a request, where it has been made, which takes a while."""
    ready = _plans.get(_key(request)) if _is_short(request) else None
    return ready if isinstance(ready, Ready) else None


def variables_of(plan: Plan, request: GraphQLRequest) -> VariableValues:
    """Return the variables of a request.

    Raises:
        GraphQLError: they are not what the operation asks for.
        ApiError: something in them is too long to be anything.
    """
    given = request.variables or {}
    check_variables(schema._schema, plan.operation, given)  # noqa: SLF001 - graphql-core's own
    return plan.variables(given)


def forget_plans() -> None:
    """Make every plan anew."""
    _seen.forget()
    _plans.forget()


def _is_allowed(plan: Plan, allowed: Collection[OperationType]) -> bool:
    return (OperationType.MUTATION if plan.is_mutation else OperationType.QUERY) in allowed


def _key(request: GraphQLRequest) -> _Key:
    return request.document, request.operation_name


def _is_short(request: GraphQLRequest) -> bool:
    """Whether a request may be looked for: what is looked for is hashed, and kept."""
    return (
        len(request.document) <= DOCUMENT_LIMITS.characters
        and len(request.operation_name or "") <= MAX_NAME_CHARACTERS
    )


def _ready(request: GraphQLRequest) -> Ready | Unready | None:
    """Return the plan of a request; None where there is none yet."""
    if not _is_short(request):
        return None
    key = _key(request)
    ready = _plans.get(key)
    if ready is None:
        if _seen.get(key) is None:
            _seen.keep(key, value=True, byte_count=len(request.document) * BYTES_PER_CHARACTER)
            return None
        ready = _planned(request)
        byte_count = ready.byte_count if isinstance(ready, Ready) else len(request.document)
        _plans.keep(key, ready, byte_count)
    return ready


def _planned(request: GraphQLRequest) -> Ready | Unready:
    if not _KNOWN_EXTENSIONS.issuperset(schema.extensions):
        return Unready("extension")
    ready = ready_document(schema._schema, request.document)  # noqa: SLF001 - as above
    if ready is None:
        return Unready()
    document, byte_count = ready
    try:
        plan = plan_of(schema, document, request.operation_name, ENCODED)
        plan.prepare(variables_of(plan, request))
    except NotPlanned as error:
        return Unready(error.because)
    except (ApiError, GraphQLError):
        pass  # of these variables; the next may be better
    byte_count *= _BYTES_OF_A_VARIANT * plan.most_variants
    return Ready(plan, called(document, plan.operation), byte_count)
