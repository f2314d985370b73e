"""The attacker wants the processor: a password hash takes a third of a second of it, by design."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from server.accounts import password_hashing
from server.accounts.models import User
from server.accounts.password_hashing import MAX_WAITING, hashing_turn
from server.accounts.services import MAX_PASSWORD_LENGTH
from tests.support.api import PASSWORD, Api
from tests.support.attackers import at
from tests.support.mutations import error_codes, log_in, mutate
from tests.support.threads import TIMEOUT_SECONDS, start

EMAIL = "alice@example.org"


def test_one_password_is_hashed_at_a_time_and_few_wait(
    transactional_db: None, new_api: type[Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.create_user(EMAIL, PASSWORD)
    at_work, most_at_work = 0, 0
    counting = threading.Lock()
    may_go_on = threading.Event()
    encode = MD5PasswordHasher.encode

    def slow(self: MD5PasswordHasher, password: str, salt: str) -> str:
        nonlocal at_work, most_at_work
        with counting:
            at_work += 1
            most_at_work = max(most_at_work, at_work)
        assert may_go_on.wait(TIMEOUT_SECONDS)
        with counting:
            at_work -= 1
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", slow)
    count = MAX_WAITING + 1 + 2
    with ThreadPoolExecutor(count) as pool:
        clients = [at(new_api(), number) for number in range(count)]
        logins = [start(pool, lambda c=client: log_in(c, EMAIL)) for client in clients]
        refused = wait(logins, TIMEOUT_SECONDS, "FIRST_COMPLETED").done
        while len(refused) < 2:
            refused = wait(logins, 0.1).done
        # Whoever is refused need not wait, while the others still do.
        assert len(refused) == 2
        may_go_on.set()
        answers = [login.result(TIMEOUT_SECONDS) for login in logins]

    assert most_at_work == 1
    assert [answer.codes for answer in answers].count(["BUSY"]) == 2
    served = [answer for answer in answers if not answer.codes]
    assert [error_codes(answer) for answer in served] == [[]] * (MAX_WAITING + 1)


@pytest.fixture
def nobody_gets_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    full = password_hashing.Admission(max_in_flight=0, max_waiting=0, max_wait_seconds=1)
    monkeypatch.setattr(password_hashing, "_ADMISSION", full)


def test_every_way_to_a_hash_waits_for_its_turn(
    alice: Api, api: Api, nobody_gets_a_turn: None
) -> None:
    answers = [
        log_in(api, EMAIL),
        log_in(api, EMAIL, "wrong"),
        api.register("carol@example.org"),
        mutate(alice, "changePassword", currentPassword=PASSWORD, newPassword="long words 7"),
        mutate(alice, "deleteAccount", currentPassword=PASSWORD),
    ]

    assert [answer.codes for answer in answers] == [["BUSY"]] * len(answers)
    assert "logging in" in answers[0].body["errors"][0]["message"]


def test_the_admin_asks_to_come_again(alice: Api, nobody_gets_a_turn: None) -> None:
    page = Client().post("/admin/login/", {"username": EMAIL, "password": PASSWORD})

    assert page.status_code == 200
    assert "Too many people are logging in" in page.content.decode()


def test_a_try_that_got_no_turn_is_no_wrong_password(
    alice: Api, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        full = password_hashing.Admission(max_in_flight=0, max_waiting=0, max_wait_seconds=1)
        patch.setattr(password_hashing, "_ADMISSION", full)
        for _ in range(40):
            log_in(api, EMAIL)

    assert error_codes(log_in(api, EMAIL)) == []


def test_a_turn_is_given_back_when_hashing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(MAX_WAITING + 3):
        with pytest.raises(ZeroDivisionError), hashing_turn():
            raise ZeroDivisionError


@pytest.mark.parametrize("length", [MAX_PASSWORD_LENGTH + 1, 1_000_000])
def test_a_password_longer_than_any_is_not_hashed(
    alice: Api, api: Api, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *_: pytest.fail("hashed"))
    password = "x" * length

    assert error_codes(log_in(api, EMAIL, password)) == ["CREDENTIALS_INVALID"]
    assert error_codes(api.register("carol@example.org", password)) == ["PASSWORD_REJECTED"]
    changed = mutate(alice, "changePassword", currentPassword=password, newPassword="long words 7")
    assert error_codes(changed) == ["PASSWORD_INCORRECT"]
