"""The pages of the history benchmark, and how each side is asked for them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from harness.connection import JSON
from harness.load.requests import Request
from server.classifier.card import EFFICIENTNET_LITE0

PAGE_SIZE = 20
FIRST_PAGES = 100  # rows that lie before the page after a cursor
MARKER = '"confidence"'  # stands once in every row, whoever answers

# Created at, label, confidence, duration and width: what everybody must answer alike.
Row = tuple[datetime, str, float, float, int]


@dataclass(frozen=True)
class Case:
    """A page: its order, its filter, and whether it lies after a cursor."""

    name: str
    order: str = "NEWEST"
    label: str | None = None
    min_confidence: float | None = None
    after_cursor: bool = False


CASES = (
    Case("newest"),
    Case("oldest", "OLDEST"),
    Case("most confident", "MOST_CONFIDENT"),
    Case("least confident", "LEAST_CONFIDENT"),
    Case("with a label", label=EFFICIENTNET_LITE0.labels[0]),
    Case("of some confidence", min_confidence=0.5),
    Case("after a cursor", after_cursor=True),
)


@dataclass(frozen=True)
class Dialect:
    """How a side is asked for a page, and where its rows and its cursor are in the answer."""

    request: Callable[[Case, str, int, str | None], Request]  # case, token, size, after
    rows: Callable[[Any], list[Row]]
    end_cursor: Callable[[Any], str]


OURS = """query ($first: Int!, $after: String, $filter: HistoryFilter, $orderBy: HistoryOrder!) {
  viewer { history(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    edges { node { id createdAt label confidence durationMs image { width } } }
    pageInfo { hasNextPage endCursor } } } }"""
POSTGRAPHILE = """query ($first: Int!, $after: Cursor, $filter: PredictionFilter,
    $orderBy: [PredictionOrderBy!]!) {
  viewer { predictions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    edges { node { id createdAt label confidence durationMs imageWidth } }
    pageInfo { hasNextPage endCursor } } } }"""
STRAWBERRY_DJANGO = """query ($first: Int!, $after: String, $filters: PredictionFilter,
    $ordering: [PredictionOrder!]!) {
  predictions(first: $first, after: $after, filters: $filters, ordering: $ordering) {
    edges { node { id createdAt label confidence durationMs imageWidth } }
    pageInfo { hasNextPage endCursor } } }"""

COLUMNS = {
    "NEWEST": ("createdAt", "DESC"),
    "OLDEST": ("createdAt", "ASC"),
    "MOST_CONFIDENT": ("confidence", "DESC"),
    "LEAST_CONFIDENT": ("confidence", "ASC"),
}
POSTGRAPHILE_COLUMNS = {"createdAt": "CREATED_AT", "confidence": "CONFIDENCE"}


def _graphql(token: str, document: str, variables: Mapping[str, object]) -> Request:
    body = json.dumps({"query": document, "variables": variables}).encode()
    return Request("/graphql", body, JSON, token)


def _ours(case: Case, token: str, size: int, after: str | None) -> Request:
    wish = {"label": case.label, "minConfidence": case.min_confidence}
    chosen = {name: value for name, value in wish.items() if value is not None}
    variables = {"first": size, "after": after, "filter": chosen or None, "orderBy": case.order}
    return _graphql(token, OURS, variables)


def _postgraphile(case: Case, token: str, size: int, after: str | None) -> Request:
    chosen: dict[str, object] = {}
    if case.label is not None:
        chosen["label"] = {"equalTo": case.label}
    if case.min_confidence is not None:
        chosen["confidence"] = {"greaterThanOrEqualTo": case.min_confidence}
    column, direction = COLUMNS[case.order]
    order = [f"{POSTGRAPHILE_COLUMNS[column]}_{direction}", f"ROW_ID_{direction}"]
    variables = {"first": size, "after": after, "orderBy": order}
    # An empty filter is refused, and so is one that is null.
    return _graphql(token, POSTGRAPHILE, variables | ({"filter": chosen} if chosen else {}))


def _strawberry_django(case: Case, token: str, size: int, after: str | None) -> Request:
    chosen: dict[str, object] = {}
    if case.label is not None:
        chosen["label"] = case.label
    if case.min_confidence is not None:
        chosen["confidence"] = {"gte": case.min_confidence}
    column, direction = COLUMNS[case.order]
    variables = {
        "first": size,
        "after": after,
        "filters": chosen or None,
        "ordering": [{column: direction}, {"id": direction}],
    }
    return _graphql(token, STRAWBERRY_DJANGO, variables)


def _django_json(case: Case, token: str, size: int, after: str | None) -> Request:
    wish = {
        "order": case.order,
        "first": size,
        "label": case.label,
        "min_confidence": case.min_confidence,
        "after": after,
    }
    chosen = {name: value for name, value in wish.items() if value is not None}
    return Request(f"/history?{urlencode(chosen)}", token=token)


def _row(values: Mapping[str, Any], created: str, duration: str, width: int) -> Row:
    moment = datetime.fromisoformat(values[created])
    # Django's JSON knows milliseconds only.
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return moment, values["label"], values["confidence"], values[duration], width


def _nodes(connection: Mapping[str, Any]) -> list[Row]:
    nodes = [edge["node"] for edge in connection["edges"]]
    return [
        _row(
            node,
            "createdAt",
            "durationMs",
            node["image"]["width"] if "image" in node else node["imageWidth"],
        )
        for node in nodes
    ]


def _end(connection: Mapping[str, Any]) -> str:
    return str(connection["pageInfo"]["endCursor"])


DIALECTS = {
    "Telltale": Dialect(
        _ours,
        lambda answer: _nodes(answer["data"]["viewer"]["history"]),
        lambda answer: _end(answer["data"]["viewer"]["history"]),
    ),
    "PostGraphile": Dialect(
        _postgraphile,
        lambda answer: _nodes(answer["data"]["viewer"]["predictions"]),
        lambda answer: _end(answer["data"]["viewer"]["predictions"]),
    ),
    "Django view": Dialect(
        _django_json,
        lambda answer: [
            _row(row, "created_at", "duration_ms", row["image_width"]) for row in answer["rows"]
        ],
        lambda answer: str(answer["endCursor"]),
    ),
    "strawberry-django": Dialect(
        _strawberry_django,
        lambda answer: _nodes(answer["data"]["predictions"]),
        lambda answer: _end(answer["data"]["predictions"]),
    ),
}
