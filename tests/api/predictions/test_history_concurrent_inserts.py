"""Pages read while others write: the writer is another thread with a connection of its own."""

import itertools
from collections.abc import Callable

import pytest

from server.api.node import global_id
from server.predictions.models import Prediction
from tests.support.api import Api
from tests.support.history_pages import ORDERS, expected_ids, read_page
from tests.support.stored import signed_in, store_predictions, user_named
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
CONFIDENCES = (0.0, 0.25, 0.5, 0.5, 0.5, 0.75, 1.0)


@pytest.fixture
def alice(transactional_db: None) -> Api:
    return signed_in("alice@example.org")


def insert_everywhere(api: Api) -> None:
    """Commit rows that sort before, between, among the equals of and after all others."""
    user = user_named("alice@example.org")
    at_once([lambda: store_predictions(user, [{"confidence": value} for value in CONFIDENCES])])


def read_all(
    api: Api, order: str, *, from_back: bool, between_pages: Callable[[], None]
) -> tuple[str, ...]:
    """Read every page of three rows, and do something between any two of them."""
    seen: list[str] = []
    cursor = None
    for pages in itertools.count(1):
        if from_back:
            page = read_page(api, order, last=3, before=cursor)
            seen = [*page.ids, *seen]
        else:
            page = read_page(api, order, first=3, after=cursor)
            seen = [*seen, *page.ids]
        if not (page.has_previous if from_back else page.has_next):
            return tuple(seen)
        cursor = page.cursors[0] if from_back else page.cursors[-1]
        if pages <= 5:
            between_pages()
    raise AssertionError


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("from_back", [False, True])
def test_nothing_is_skipped_or_doubled_while_rows_are_inserted(
    alice: Api, order: str, from_back: bool
) -> None:
    user = user_named("alice@example.org")
    rows = store_predictions(user, [{"confidence": value} for value in CONFIDENCES * 2])

    seen = read_all(
        alice, order, from_back=from_back, between_pages=lambda: insert_everywhere(alice)
    )

    everything = expected_ids(Prediction.objects.filter(user=user), order)
    assert len(everything) >= len(rows) + 4 * len(CONFIDENCES)
    assert len(set(seen)) == len(seen)
    assert set(expected_ids(rows, order)) <= set(seen)
    assert seen == tuple(identity for identity in everything if identity in set(seen))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("from_back", [False, True])
def test_nothing_is_skipped_or_doubled_while_rows_are_deleted(
    alice: Api, order: str, from_back: bool
) -> None:
    user = user_named("alice@example.org")
    rows = store_predictions(user, [{"confidence": value} for value in CONFIDENCES * 3])
    doomed = [row.pk for row in rows[::4]]

    def delete_one() -> None:
        at_once([lambda: Prediction.objects.filter(pk=doomed.pop()).delete()])

    seen = read_all(alice, order, from_back=from_back, between_pages=delete_one)

    kept = expected_ids(Prediction.objects.filter(user=user), order)
    assert len(set(seen)) == len(seen)
    assert set(kept) <= set(seen) <= {global_id("Prediction", row.pk) for row in rows}
    assert tuple(identity for identity in seen if identity in set(kept)) == kept
