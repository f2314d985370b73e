from datetime import timedelta

import pytest
from django.utils import timezone

from server.accounts.errors import TriesSpent
from server.accounts.models import ThrottleWindow
from server.accounts.throttle import ENDED_WINDOWS_REMOVED, Limit, forget, give_back, take
from tests.support.attackers import let_windows_end
from tests.support.threads import at_once

THREE = Limit("of this test", 3, timedelta(hours=1))


def taken(limit: Limit, subject: str, times: int) -> list[bool]:
    """Try that often; whether each try was let through."""
    outcomes = []
    for _ in range(times):
        try:
            take(limit, subject)
        except TriesSpent:
            outcomes.append(False)
        else:
            outcomes.append(True)
    return outcomes


@pytest.mark.django_db
def test_a_window_holds_its_tries_and_no_more() -> None:
    assert taken(THREE, "alice", 5) == [True, True, True, False, False]


@pytest.mark.django_db
def test_the_refusal_says_how_long_the_window_lasts() -> None:
    taken(THREE, "alice", 3)
    ThrottleWindow.objects.update(ends_at=timezone.now() + timedelta(minutes=10))

    with pytest.raises(TriesSpent) as refusal:
        take(THREE, "alice")

    assert timedelta(minutes=9) < refusal.value.retry_after <= timedelta(minutes=10)


@pytest.mark.django_db
def test_refused_tries_do_not_lengthen_the_window() -> None:
    taken(THREE, "alice", 3)
    before = ThrottleWindow.objects.get().ends_at

    taken(THREE, "alice", 5)

    assert ThrottleWindow.objects.get().ends_at == before


@pytest.mark.django_db
def test_a_new_window_begins_when_one_has_ended() -> None:
    taken(THREE, "alice", 4)
    let_windows_end()

    assert taken(THREE, "alice", 4) == [True, True, True, False]


@pytest.mark.django_db
def test_subjects_and_limits_are_counted_apart() -> None:
    taken(THREE, "alice", 3)

    assert taken(THREE, "bob", 1) == [True]
    assert taken(Limit("another", 3, timedelta(hours=1)), "alice", 1) == [True]


@pytest.mark.django_db
def test_a_limit_of_none_lets_nothing_through() -> None:
    assert taken(Limit("closed", 0, timedelta(hours=1)), "alice", 2) == [False, False]


@pytest.mark.django_db
def test_a_try_given_back_can_be_taken_again_and_no_other() -> None:
    taken(THREE, "alice", 3)
    give_back(THREE, "alice")

    assert taken(THREE, "alice", 2) == [True, False]

    for _ in range(9):
        give_back(THREE, "alice")
    assert taken(THREE, "alice", 4) == [True, True, True, False]


@pytest.mark.django_db
def test_what_is_forgotten_begins_anew() -> None:
    taken(THREE, "alice", 3)
    forget(THREE, "alice")

    assert ThrottleWindow.objects.count() == 0
    assert taken(THREE, "alice", 1) == [True]


@pytest.mark.django_db
def test_nothing_readable_is_kept_of_a_subject() -> None:
    take(THREE, "alice@example.org")

    assert "alice" not in str(list(ThrottleWindow.objects.values()))


@pytest.mark.django_db
def test_windows_that_have_ended_are_removed_by_those_that_begin() -> None:
    for number in range(2 * ENDED_WINDOWS_REMOVED):
        take(THREE, f"address {number}")
    let_windows_end()

    take(THREE, "alice")
    assert ThrottleWindow.objects.count() == ENDED_WINDOWS_REMOVED + 1

    take(THREE, "bob")
    assert ThrottleWindow.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_tries_at_once_are_counted_together() -> None:
    outcomes = at_once([lambda: taken(THREE, "alice", 1)] * 8)

    assert sorted(outcome for (outcome,) in outcomes) == [False] * 5 + [True] * 3
