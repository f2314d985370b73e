"""The viewer and the pages of their history, as a document selects them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from graphql.execution.values import VariableValues

from server.api.accounts.types import User
from server.api.compiled.arguments import arguments_of
from server.api.compiled.question import Asked, WantedPage
from server.api.compiled.rows import (
    Columns,
    Member,
    Renderer,
    object_renderer,
    prediction_renderer,
)
from server.api.compiled.selection import Field, Selection
from server.api.context import Context
from server.api.node import global_id
from server.api.predictions.history import (
    Neighbours,
    cost_of_count,
    cost_of_page,
    filter_of,
    order_of,
    window_of,
)
from server.predictions.cursors import encode_cursor
from server.predictions.history import History
from server.predictions.page_rows import PageQuery, Row, page_query

_SORT_COLUMNS = ("created_at", "confidence")
_WINDOW_ARGUMENTS = ("first", "after", "last", "before")


@dataclass(frozen=True)
class FoundPage:
    """The rows of a page, and how to find a row's cursor in them."""

    whole: History
    rows: Sequence[Row]
    columns: Mapping[str, int]
    neighbours: Neighbours
    context: Context

    def cursor(self, row: Row) -> str:
        """Return the cursor of a row."""
        value = row[self.columns[self.whole.order.value.column]]
        return encode_cursor(value, row[self.columns["id"]])


def viewer_renderer(
    pages: list[WantedPage], selection: Selection, field: Field, columns: Columns
) -> Renderer:
    """Return what makes the answer about the viewer; what its pages need is added to `pages`."""
    members: dict[str, Member] = {**_USER, "history": partial(_history, pages)}
    return object_renderer(selection.below(field, "User"), columns, members)


def _history(
    pages: list[WantedPage], selection: Selection, field: Field, _columns: Columns
) -> Renderer:
    arguments = arguments_of(User, selection.type_name, field)
    columns = Columns()
    columns.at("id")
    connection = selection.below(field, "PredictionConnection")
    render = object_renderer(connection, columns, _CONNECTION)
    names = tuple(columns.names)
    places = {name: place for place, name in enumerate(names)}

    def page_of(variables: VariableValues) -> PageQuery:
        given = arguments(variables)
        window = window_of(**{name: given.get(name) for name in _WINDOW_ARGUMENTS})
        return page_query(
            filter_of(given.get("filter")), order_of(given["order_by"]), window, names
        )

    number = len(pages)
    pages.append(WantedPage(page_of, _members(connection)))

    def answer(asked: Asked) -> object:
        page = asked.question.pages[number]
        asked.context.row_budget.spend(cost_of_page(page.filters, page.order, page.window))
        rows, has_more = page.kept(asked.rows(number))
        whole = History(asked.user, page.filters, page.order)
        neighbours = Neighbours(whole, page.window, asked.context.row_budget, has_more=has_more)
        return render(FoundPage(whole, rows, places, neighbours, asked.context))

    return answer


def _members(connection: Selection) -> Counter[str]:
    members = Counter(field.name for field in connection.fields())
    for field in connection.fields():
        if field.name == "pageInfo":
            members.update(each.name for each in connection.below(field, "PageInfo").fields())
    return members


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
    page.context.row_budget.spend(cost_of_count(page.whole.filters, page.whole.order))
    return page.whole.count()


_USER: dict[str, Member] = {
    "id": lambda *_: lambda asked: global_id("User", asked.user.pk),
    "email": lambda *_: lambda asked: asked.user.email,
    "dateJoined": lambda *_: lambda asked: asked.user.date_joined,
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
