"""What a body asks for, whoever sends it, where that is one page and nothing else.

Such an answer takes one statement, which finds the page together with the token. Whether a document
is of that kind is found by asking its plan once for nobody, with a reader that notes what it would
have to read. The same plan then answers with the rows that were found. Both are for a thread with
an event loop: there Django refuses every further statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import SynchronousOnlyOperation
from django.http import HttpRequest
from graphql import GraphQLError
from graphql.execution.values import VariableValues

from server.accounts.identity import Identity
from server.accounts.models import ApiToken, Scope, User
from server.api.answering import Ready, known_plan, variables_of
from server.api.context import Context
from server.api.errors import ApiError
from server.api.http.request import GraphQLRequest
from server.api.operation_facts import note
from server.plans.errors import NotPlanned
from server.predictions.history import History, Window
from server.predictions.pages import PageQuery, PageReader, Row, page_query

_NOBODY = Identity(User(pk=0), ApiToken(pk=0, scopes=[Scope.READ.value]))
_NO_REQUEST = HttpRequest()


@dataclass(frozen=True)
class Question:
    """A plan with its variables: all of a request but for who makes it; and its lone page."""

    ready: Ready
    variables: VariableValues
    page: PageQuery
    arguments: dict[int, dict[str, Any]]  # what the plan has made of the variables


class AskedElsewhere(Exception):
    """It takes another statement than that of the page."""


_ELSEWHERE = (AskedElsewhere, SynchronousOnlyOperation)


def known_question_of(request: GraphQLRequest) -> Question | None:
    """Return what a request asks for; None where that is not one page of a known document."""
    ready = known_plan(request)
    if ready is None or ready.plan.is_mutation or ready.takes_more:
        return None
    noted = _Noted()
    arguments: dict[int, dict[str, Any]] = {}
    try:
        variables = variables_of(ready.plan, request)
        if not ready.plan.is_prepared(variables):
            return None
        context = Context(_NO_REQUEST, _NOBODY, reads=noted)
        answered = ready.plan.answer(context, variables, arguments)
    except (ApiError, GraphQLError, NotPlanned):
        return None
    if answered.errors or len(noted.pages) != 1 or noted.looked_further:
        return None
    return Question(ready, variables, noted.pages[0], arguments)


def answer_of(
    question: Question, request: HttpRequest, identity: Identity, rows: Sequence[Row]
) -> dict[str, Any] | None:
    """Return the data of an answer without errors; None where somebody else has to answer.

    Args:
        question: what is asked.
        request: where it was asked.
        identity: who asks.
        rows: those of the question's page, as they were found.
    """
    context = Context(request, identity, reads=_Given(question.page, rows))
    try:
        answered = question.ready.plan.answer(context, question.variables, question.arguments)
    except NotPlanned:
        return None
    if answered.errors:
        if any(isinstance(each.original_error, _ELSEWHERE) for each in answered.errors):
            question.ready.takes_more = True  # it would be asked in vain each time
        return None
    note(question.ready.called)
    return answered.data


class _Noted(PageReader):
    """Reads nothing, and notes what it would have to."""

    def __init__(self) -> None:
        self.pages: list[PageQuery] = []
        self.looked_further = False

    def rows(
        self, whole: History, window: Window, columns: tuple[str, ...]
    ) -> tuple[Sequence[Row], bool]:
        self.pages.append(page_query(whole, window, columns))
        return [], False

    def count(self, whole: History) -> int:  # noqa: ARG002 - as the reader has it
        self.looked_further = True
        return 0

    def is_beyond(self, whole: History, cursor: str, *, backwards: bool) -> bool:  # noqa: ARG002
        self.looked_further = True
        return False


class _Given(PageReader):
    """Has the rows of one page."""

    def __init__(self, page: PageQuery, rows: Sequence[Row]) -> None:
        self._page = page
        self._rows = rows

    def rows(
        self, whole: History, window: Window, columns: tuple[str, ...]
    ) -> tuple[Sequence[Row], bool]:
        if not self._page.is_of(whole, window, columns):
            raise AskedElsewhere
        return self._page.kept(self._rows)
