from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.support.api import Api
from tests.support.stored import model_version, store_predictions, user_named

STATISTICS = """
query Statistics($labels: Int! = 20, $days: Int! = 30, $filter: HistoryFilter) {
  viewer { statistics(filter: $filter) {
    total corrected
    byLabel(first: $labels) { label count }
    byModel { model { name version isDefault } count }
    perDay(last: $days) { day count }
  } }
}
"""
MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)


def statistics(api: Api, **variables: object) -> dict:
    return api.execute(STATISTICS, **variables).data["viewer"]["statistics"]


def test_an_empty_history_amounts_to_nothing(alice: Api) -> None:
    assert statistics(alice) == {
        "total": 0,
        "corrected": 0,
        "byLabel": [],
        "byModel": [],
        "perDay": [],
    }


def test_predictions_are_counted_by_label_model_and_day(alice: Api, bob: Api) -> None:
    retired = model_version("retired", "7")
    store_predictions(
        user_named("alice@example.org"),
        [
            {"label": "lynx", "created_at": MIDNIGHT - timedelta(microseconds=1)},
            {"label": "tiger cat", "created_at": MIDNIGHT},
            {"label": "tiger cat", "created_at": MIDNIGHT + timedelta(hours=23, minutes=59)},
            {"label": "bee", "created_at": MIDNIGHT, "model_version": retired},
        ],
    )
    store_predictions(user_named("bob@example.org"), [{"label": "bee"}] * 9)

    assert statistics(alice) == {
        "total": 4,
        "corrected": 0,
        "byLabel": [
            {"label": "tiger cat", "count": 2},
            {"label": "bee", "count": 1},
            {"label": "lynx", "count": 1},
        ],
        "byModel": [
            {
                "model": {"name": "efficientnet-lite0", "version": "2", "isDefault": True},
                "count": 3,
            },
            {"model": {"name": "retired", "version": "7", "isDefault": False}, "count": 1},
        ],
        "perDay": [{"day": "2026-02-28", "count": 1}, {"day": "2026-03-01", "count": 3}],
    }


def test_the_most_frequent_labels_and_the_latest_days_are_kept(alice: Api) -> None:
    store_predictions(
        user_named("alice@example.org"),
        [
            {"label": label, "created_at": MIDNIGHT + timedelta(days=day)}
            for day, label in enumerate(["a", "b", "b", "c", "c", "c"])
        ],
    )

    answer = statistics(alice, labels=2, days=2)

    assert answer["byLabel"] == [{"label": "c", "count": 3}, {"label": "b", "count": 2}]
    assert [day["day"] for day in answer["perDay"]] == ["2026-03-05", "2026-03-06"]


@pytest.mark.parametrize("name", ["labels", "days"])
@pytest.mark.parametrize("size", [-1, 367])
def test_a_size_out_of_range_is_refused(alice: Api, name: str, size: int) -> None:
    assert alice.execute(STATISTICS, **{name: size}).codes == ["BAD_USER_INPUT"]


def test_statistics_take_as_many_queries_however_long_the_history(
    alice: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    versions = [model_version("retired", str(number)) for number in range(5)]
    store_predictions(
        user_named("alice@example.org"),
        [{"label": f"label {n}", "model_version": versions[n % 5]} for n in range(50)],
    )
    document = """{ viewer { statistics {
      total byLabel { label } perDay { day }
      byModel { count model { id name version license source labelCount labels(first: 3) } }
    } } }"""

    alice.execute(document)  # the retired models are known from now on
    with django_assert_num_queries(6):  # session, user, four counts
        answer = alice.execute(document)

    assert len(answer.data["viewer"]["statistics"]["byModel"]) == 5


def test_what_was_corrected_is_counted_and_all_counts_follow_a_filter(alice: Api) -> None:
    store_predictions(
        user_named("alice@example.org"),
        [
            {"label": "lynx", "correction": "Tom", "created_at": MIDNIGHT},
            {"label": "lynx", "created_at": MIDNIGHT},
            {"label": "bee", "correction": "fly", "created_at": MIDNIGHT},
        ],
    )

    counts = statistics(alice, filter={"label": "lynx"})

    assert (counts["total"], counts["corrected"]) == (2, 1)
    assert counts["byLabel"] == [{"label": "lynx", "count": 2}]
    assert counts["perDay"] == [{"day": "2026-03-01", "count": 2}]
    assert [each["count"] for each in counts["byModel"]] == [2]
    assert statistics(alice)["corrected"] == 2
