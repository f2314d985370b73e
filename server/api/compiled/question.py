"""What a request asks for, whoever makes it, and what its answer depends on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import OperationDefinitionNode
from graphql.execution.values import VariableValues

from server.accounts.models import User
from server.api.context import Context
from server.predictions.page_rows import PageQuery, Row


@dataclass(frozen=True)
class WantedPage:
    """A page that a document asks for, once its variables are known."""

    query: Callable[[VariableValues], PageQuery]
    members: set[str]  # of the connection and of its page information


@dataclass(frozen=True)
class Plan:
    """How an operation is answered."""

    operation: OperationDefinitionNode
    render: Callable[["Asked"], dict[str, Any]]
    pages: list[WantedPage]


@dataclass(frozen=True)
class Question:
    """An operation with its variables: all of a request but for who makes it."""

    plan: Plan
    pages: list[PageQuery]

    @property
    def lone_page(self) -> PageQuery | None:
        """The only page that is asked for, which one statement finds together with the token."""
        return self.pages[0] if len(self.pages) == 1 else None

    @property
    def is_one_statement(self) -> bool:
        """Whether the answer takes no more than the statement of the lone page."""
        page = self.lone_page
        if page is None:
            return False
        window, members = page.window, self.plan.pages[0].members
        behind = "hasNextPage" if window.from_back else "hasPreviousPage"
        is_bounded = window.before if window.from_back else window.after
        return "totalCount" not in members and not (behind in members and is_bounded)


@dataclass(frozen=True)
class Asked:
    """What an answer depends on beside the document."""

    user: User
    context: Context
    question: Question
    lone_rows: list[Row] | None  # where they were read with the token

    def rows(self, place: int) -> list[Row]:
        """Return the rows of one of the pages."""
        if self.lone_rows is not None:
            return self.lone_rows
        return self.question.pages[place].rows_of(self.user)
