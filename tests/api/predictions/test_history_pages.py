import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.predictions.models import Prediction
from tests.support.api import Api
from tests.support.history_pages import HISTORY, ORDERS, expected_ids, read_page
from tests.support.stored import store_predictions, user_named

# Few values, so that many rows have equal confidences; 1/3 has no short decimal form.
CONFIDENCES = st.sampled_from([0.0, 1e-06, 0.25, 1 / 3, 0.5, 0.999999, 1.0])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    confidences=st.lists(CONFIDENCES, max_size=25),
    order=st.sampled_from(ORDERS),
    size=st.integers(1, 9),
)
def test_pages_read_either_way_make_up_the_whole_history_in_its_order(
    alice: Api, bob: Api, confidences: list[float], order: str, size: int
) -> None:
    with transaction.atomic():
        Prediction.objects.all().delete()
        rows = store_predictions(
            user_named("alice@example.org"), [{"confidence": value} for value in confidences]
        )
        store_predictions(user_named("bob@example.org"), [{"confidence": 0.5}] * 3)
        expected = expected_ids(rows, order)

        forwards, after = [], None
        while True:
            page = read_page(alice, order, first=size, after=after)
            assert page.has_previous == (len(forwards) > 0)
            forwards += page.ids
            assert page.has_next == (len(forwards) < len(expected))
            assert page.total == len(expected)
            if not page.has_next:
                break
            assert len(page.ids) == size
            after = page.cursors[-1]

        backwards, before = [], None
        while True:
            page = read_page(alice, order, last=size, before=before)
            assert page.has_next == (len(backwards) > 0)
            backwards = [*page.ids, *backwards]
            assert page.has_previous == (len(backwards) < len(expected))
            if not page.has_previous:
                break
            assert len(page.ids) == size
            before = page.cursors[0]

        assert tuple(forwards) == expected
        assert tuple(backwards) == expected


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    confidences=st.lists(CONFIDENCES, min_size=1, max_size=12),
    order=st.sampled_from(ORDERS),
    after=st.none() | st.integers(0, 11),
    before=st.none() | st.integers(0, 11),
    size=st.integers(0, 13),
    from_back=st.booleans(),
)
def test_any_window_between_any_cursors_is_that_part_of_the_list(
    alice: Api,
    confidences: list[float],
    order: str,
    after: int | None,
    before: int | None,
    size: int,
    from_back: bool,
) -> None:
    with transaction.atomic():
        Prediction.objects.all().delete()
        rows = store_predictions(
            user_named("alice@example.org"), [{"confidence": value} for value in confidences]
        )
        expected = expected_ids(rows, order)
        cursors = read_page(alice, order, first=100).cursors
        after = None if after is None else after % len(rows)
        before = None if before is None else before % len(rows)

        page = read_page(
            alice,
            order,
            after=None if after is None else cursors[after],
            before=None if before is None else cursors[before],
            **{"last" if from_back else "first": size},
        )

    between = expected[(0 if after is None else after + 1) : before]
    if after is not None and before is not None and before <= after:
        between = ()
    kept = between[max(0, len(between) - size) :] if from_back else between[:size]
    assert page.ids == kept
    assert page.total == len(rows)
    # As Relay's specification has it: on the side the page ran towards, within the cursors; on the
    # other, whether the cursor left anything out.
    if from_back:
        assert page.has_previous == (len(between) > size)
        assert page.has_next == (before is not None)
    else:
        assert page.has_next == (len(between) > size)
        assert page.has_previous == (after is not None)


def test_a_page_has_twenty_rows_unless_another_size_is_asked_for(alice: Api) -> None:
    store_predictions(user_named("alice@example.org"), [{}] * 30)

    assert len(read_page(alice).ids) == 20
    assert len(read_page(alice, first=None, last=None).ids) == 20
    assert len(read_page(alice, first=25).ids) == 25
    assert len(read_page(alice, last=25).ids) == 25


def test_the_newest_come_first_unless_another_order_is_asked_for(alice: Api) -> None:
    rows = store_predictions(user_named("alice@example.org"), [{}] * 3)

    answer = alice.execute("{ viewer { history { edges { node { id } } } } }")

    edges = answer.data["viewer"]["history"]["edges"]
    assert tuple(edge["node"]["id"] for edge in edges) == expected_ids(rows, "NEWEST")


@pytest.mark.parametrize("order", ORDERS)
def test_an_empty_history_is_one_empty_page(alice: Api, order: str) -> None:
    for window in ({"first": 5}, {"last": 5}, {"first": 0}):
        page = read_page(alice, order, **window)
        assert (page.ids, page.total) == ((), 0)
        assert not page.has_next
        assert not page.has_previous


@pytest.mark.parametrize("order", ORDERS)
def test_a_cursor_outlives_its_row(alice: Api, order: str) -> None:
    rows = store_predictions(user_named("alice@example.org"), [{}] * 5)
    page = read_page(alice, order, first=2)
    Prediction.objects.filter(pk__in=[row.pk for row in rows[2:3]]).delete()

    rest = read_page(alice, order, first=5, after=page.cursors[-1])

    kept = [row for row in rows if row is not rows[2]]
    expected = expected_ids(kept, order)
    assert page.ids + rest.ids == tuple(
        identity for identity in expected_ids(rows, order) if identity in {*page.ids, *expected}
    )


def test_the_cursor_of_somebody_else_shows_only_ones_own(alice: Api, bob: Api) -> None:
    store_predictions(user_named("bob@example.org"), [{}] * 3)
    hers = store_predictions(user_named("alice@example.org"), [{}] * 3)
    his_last = read_page(bob, "OLDEST").cursors[-1]

    page = read_page(alice, "OLDEST", after=his_last)

    assert page.ids == expected_ids(hers, "OLDEST")
    assert not page.has_previous


def test_a_history_takes_a_session_or_a_token_that_reads(alice: Api, api: Api) -> None:
    store_predictions(user_named("alice@example.org"), [{}])
    arguments = {"order": "NEWEST"}

    by_reader = api.execute(HISTORY, token=alice.create_token("READ"), **arguments)
    by_predictor = api.execute(HISTORY, token=alice.create_token("PREDICT"), **arguments)
    by_nobody = api.execute(HISTORY, **arguments)

    assert by_reader.data["viewer"]["history"]["totalCount"] == 1
    assert by_predictor.codes == ["FORBIDDEN"]
    assert by_nobody.data == {"viewer": None}
