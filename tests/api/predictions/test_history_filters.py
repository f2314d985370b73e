from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.predictions.given_texts import search_text
from server.predictions.models import Prediction
from tests.support.api import Api
from tests.support.history_pages import HISTORY, ORDERS, expected_ids, read_page
from tests.support.stored import model_version, store_predictions, user_named

LABELS = ("tiger cat", "lynx", "Tiger cat")
MODELS = ("efficientnet-lite0", "retired")
CONFIDENCES = (0.0, 0.25, 1 / 3, 0.5, 1.0)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CORRECTIONS = (None, "Große Katze")
FILE_NAMES = (None, "IMG_1.JPG", "IMG21.jpg", "100%.png")
SEARCHES = ("", " ", "CAT", "lynx", "GROSSE  katze", "img_", "%", "jpg", "no such text", "a\nb")
MOMENTS = tuple(NOON + timedelta(microseconds=step) for step in (0, 1, 2, 86_400_000_000))

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "label": st.sampled_from(LABELS),
            "confidence": st.sampled_from(CONFIDENCES),
            "model": st.sampled_from(MODELS),
            "version": st.sampled_from("12"),
            "created_at": st.sampled_from(MOMENTS),
            "correction": st.sampled_from(CORRECTIONS),
            "file_name": st.sampled_from(FILE_NAMES),
        }
    ),
    max_size=20,
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "label": st.none() | st.sampled_from([*LABELS, "no such label"]),
        "model": st.none() | st.sampled_from([*MODELS, "no such model"]),
        "minConfidence": st.none() | st.sampled_from(CONFIDENCES),
        "maxConfidence": st.none() | st.sampled_from(CONFIDENCES),
        "createdAfter": st.none() | st.sampled_from([moment.isoformat() for moment in MOMENTS]),
        "createdBefore": st.none() | st.sampled_from([moment.isoformat() for moment in MOMENTS]),
        "isCorrected": st.none() | st.booleans(),
        "search": st.none() | st.sampled_from(SEARCHES),
    },
)


def passes(row: Prediction, filters: dict) -> bool:
    def given(name: str, default: object) -> object:
        value = filters.get(name)
        return default if value is None else value

    return (
        row.label == given("label", row.label)
        and row.model_version.name == given("model", row.model_version.name)
        and given("minConfidence", 0) <= row.confidence <= given("maxConfidence", 1)
        and row.created_at.isoformat() > given("createdAfter", "0")
        and row.created_at.isoformat() < given("createdBefore", "9")
        and (row.correction is not None) == given("isCorrected", row.correction is not None)
        and any(
            " ".join(str(given("search", "")).split()).casefold() in text.casefold()
            for text in (row.label, row.correction, row.file_name)
            if text is not None
        )
    )


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS, filters=FILTERS, order=st.sampled_from(ORDERS), size=st.integers(1, 7))
def test_filters_keep_what_meets_all_of_them_on_every_page(
    alice: Api, bob: Api, rows: list[dict[str, Any]], filters: dict[str, Any], order: str, size: int
) -> None:
    with transaction.atomic():
        Prediction.objects.all().delete()
        columns = [
            {
                "label": row["label"],
                "confidence": row["confidence"],
                "created_at": row["created_at"],
                "model_version": model_version(row["model"], row["version"]),
                "correction": row["correction"],
                "file_name": row["file_name"],
                "search_text": search_text(row["label"], row["correction"], row["file_name"]),
            }
            for row in rows
        ]
        stored = store_predictions(user_named("alice@example.org"), columns)
        store_predictions(user_named("bob@example.org"), columns)
        expected = expected_ids([row for row in stored if passes(row, filters)], order)

        forwards, after = [], None
        for _ in range(len(expected) // size + 1):
            page = read_page(alice, order, first=size, after=after, filter=filters)
            assert page.total == len(expected)
            forwards += page.ids
            after = page.cursors[-1] if page.cursors else after
        assert not page.has_next

        backwards, before = [], None
        for _ in range(len(expected) // size + 1):
            page = read_page(alice, order, last=size, before=before, filter=filters)
            backwards = [*page.ids, *backwards]
            before = page.cursors[0] if page.cursors else before
        assert not page.has_previous

    assert tuple(forwards) == expected
    assert tuple(backwards) == expected


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"label": "lynx"}, [1]),
        ({"label": "LYNX"}, []),
        ({"label": ""}, []),
        ({"label": "%"}, []),
        ({"model": "retired"}, [2]),
        ({"minConfidence": 0.5}, [1, 2]),
        ({"minConfidence": 1}, [2]),
        ({"maxConfidence": 0.5}, [0, 1]),
        ({"minConfidence": 0.5, "maxConfidence": 0.5}, [1]),
        ({"minConfidence": 0.6, "maxConfidence": 0.4}, []),
        ({"createdAfter": "2026-03-01T12:00:00Z"}, [1, 2]),
        ({"createdBefore": "2026-03-01T12:00:00Z"}, []),
        ({"createdAfter": "2026-03-01T12:00:00"}, [1, 2]),
        ({"createdAfter": "2026-03-01T14:00:00+02:00"}, [1, 2]),
        ({"createdAfter": "0001-01-01T00:00:00Z"}, [0, 1, 2]),
        ({"createdBefore": "9999-12-31T23:59:59.999999Z"}, [0, 1, 2]),
        ({}, [0, 1, 2]),
        (None, [0, 1, 2]),
    ],
)
def test_a_filter_keeps_what_its_description_says(
    alice: Api, filters: dict[str, Any] | None, kept: list[int]
) -> None:
    rows = store_predictions(
        user_named("alice@example.org"),
        [
            {"label": "cat", "confidence": 0.25, "created_at": NOON},
            {"label": "lynx", "confidence": 0.5, "created_at": NOON + timedelta(days=1)},
            {
                "label": "dog",
                "confidence": 1.0,
                "created_at": NOON + timedelta(days=2),
                "model_version": model_version("retired", "1"),
            },
        ],
    )

    page = read_page(alice, "OLDEST", filter=filters)

    assert page.ids == expected_ids([rows[index] for index in kept], "OLDEST")


@pytest.mark.parametrize(
    "filters",
    [
        {"minConfidence": "0.5"},
        {"minConfidence": True},
        {"minConfidence": -0.1},
        {"minConfidence": 1.1},
        {"maxConfidence": -1},
        {"maxConfidence": 1e300},
        {"createdAfter": "yesterday"},
        {"createdAfter": "2026-02-30T00:00:00Z"},
        {"createdAfter": ""},
        {"createdAfter": 5},
        {"createdAfter": "0001-01-01T00:00:00+14:00"},
        {"createdBefore": "9999-12-31T23:59:59-12:00"},
        {"label": 5},
        {"label": ["lynx", "lynx"]},
        {"mood": "good"},
        "label: lynx",
    ],
)
def test_a_filter_that_is_none_is_refused(alice: Api, filters: object) -> None:
    answer = alice.execute(HISTORY, order="NEWEST", filter=filters)

    assert answer.codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("name", ["label", "model"])
def test_a_filter_by_text_that_the_database_cannot_hold_is_no_crash(alice: Api, name: str) -> None:
    document = '{ viewer { history(filter: {NAME: "a\\u{0}b"}) { totalCount } } }'

    answer = alice.execute(document.replace("NAME", name))

    assert answer.codes in ([], ["BAD_USER_INPUT"])


def test_an_address_can_hold_a_query_but_no_nul(alice: Api) -> None:
    for nul in ('"a\\u0000b"', '"a\x00b"'):
        document = f"{{ viewer {{ history(filter: {{label: {nul}}}) {{ totalCount }} }} }}"
        response = alice.http.get("/graphql", {"query": document})
        assert response.status_code in {200, 400}
        assert "INTERNAL" not in response.content.decode()
