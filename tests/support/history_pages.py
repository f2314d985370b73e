"""A history read a page at a time, and what the pages have to be, in plain Python."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.api.node import global_id
from server.predictions.models import Prediction
from tests.support.api import Api

HISTORY = """
query History(
  $first: Int, $after: String, $last: Int, $before: String,
  $filter: HistoryFilter, $order: HistoryOrder!
) {
  viewer {
    history(
      first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $order
    ) {
      totalCount
      edges { cursor node { id label confidence } }
      pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    }
  }
}
"""
ORDERS = ("NEWEST", "OLDEST", "MOST_CONFIDENT", "LEAST_CONFIDENT")


@dataclass(frozen=True)
class Page:
    """A page as it was answered."""

    ids: tuple[str, ...]
    cursors: tuple[str, ...]
    has_next: bool
    has_previous: bool
    total: int

    @classmethod
    def of(cls, connection: Mapping[str, Any]) -> "Page":
        edges, info = connection["edges"], connection["pageInfo"]
        cursors = tuple(edge["cursor"] for edge in edges)
        assert info["startCursor"] == (cursors[0] if cursors else None)
        assert info["endCursor"] == (cursors[-1] if cursors else None)
        return cls(
            ids=tuple(edge["node"]["id"] for edge in edges),
            cursors=cursors,
            has_next=info["hasNextPage"],
            has_previous=info["hasPreviousPage"],
            total=connection["totalCount"],
        )


def read_page(api: Api, order: str = "NEWEST", **arguments: object) -> Page:
    answer = api.execute(HISTORY, order=order, **arguments)
    return Page.of(answer.data["viewer"]["history"])


def expected_ids(rows: Sequence[Prediction], order: str) -> tuple[str, ...]:
    """The ids of the rows, in the order of the schema's description."""
    column = "created_at" if order in {"NEWEST", "OLDEST"} else "confidence"
    ordered = sorted(
        rows,
        key=lambda row: (getattr(row, column), row.pk),
        reverse=order in {"NEWEST", "MOST_CONFIDENT"},
    )
    return tuple(global_id("Prediction", row.pk) for row in ordered)
