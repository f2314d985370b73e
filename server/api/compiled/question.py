"""What a request asks for, whoever makes it, and what its answer depends on."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import OperationDefinitionNode
from graphql.execution.values import VariableValues

from server.accounts.models import User
from server.api.context import Context
from server.api.predictions.history import cost_of_count, cost_of_neighbour, cost_of_page
from server.predictions.page_rows import PageQuery, Row


@dataclass(frozen=True)
class WantedPage:
    """A page that a document asks for, once its variables are known."""

    query: Callable[[VariableValues], PageQuery]
    members: Counter[str]  # of the connection and its page information: how often each is wanted

    def cost(self, page: PageQuery) -> int:
        """Return what the page and what is told around it takes of a budget, in rows."""
        of_filter = page.filters, page.order
        return (
            cost_of_page(*of_filter, page.window)
            + cost_of_count(*of_filter) * self.members["totalCount"]
            + cost_of_neighbour(*of_filter) * self._looks_behind(page)
        )

    def looks_further(self, page: PageQuery) -> bool:
        """Whether it takes more than the statement of the page."""
        return self.members["totalCount"] + self._looks_behind(page) > 0

    def _looks_behind(self, page: PageQuery) -> int:
        window = page.window
        if (window.before if window.from_back else window.after) is None:
            return 0
        return self.members["hasNextPage" if window.from_back else "hasPreviousPage"]


@dataclass(frozen=True)
class Plan:
    """How an operation is answered."""

    operation: OperationDefinitionNode
    render: Callable[["Asked"], dict[str, Any]]
    pages: list[WantedPage]
    byte_count: int = 0  # about what it takes to remember it


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
        return page is not None and not self.plan.pages[0].looks_further(page)

    @cached_property
    def cost(self) -> int:
        """What the answer takes of a request's budget, in rows."""
        wanted = zip(self.plan.pages, self.pages, strict=True)
        return sum(each.cost(page) for each, page in wanted)


@dataclass(frozen=True)
class Asked:
    """What an answer depends on beside the document."""

    user: User
    context: Context
    question: Question
    lone_rows: Sequence[Row] | None  # where they were read with the token

    def rows(self, place: int) -> Sequence[Row]:
        """Return the rows of one of the pages."""
        if self.lone_rows is not None:
            return self.lone_rows
        return self.question.pages[place].rows_of(self.user)
