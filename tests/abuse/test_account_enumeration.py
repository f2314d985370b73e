"""The attacker wants to know which addresses have an account, from what an answer takes.

Times are noise on a busy machine, so their causes are counted: slow hashes, queries, and whether
the mail server is waited for.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.accounts import emails
from server.accounts.models import User
from tests.support.api import Api
from tests.support.mutations import error_codes, log_in, mutate

KNOWN, UNKNOWN, DEACTIVATED = "alice@example.org", "nobody@example.org", "gone@example.org"
TIMEOUT_SECONDS = 10


@pytest.fixture
def accounts(alice: Api) -> None:
    User.objects.create_user(DEACTIVATED, "a password 7", is_active=False)


def queries(call: Callable[[], object]) -> list[str]:
    """The queries of a call, each by its first words."""
    with CaptureQueriesContext(connection) as captured:
        call()
    kinds = [" ".join(query["sql"].split()[:3]) for query in captured.captured_queries]
    return [kind for kind in kinds if "SAVEPOINT" not in kind]  # each has a number of its own


@pytest.mark.parametrize("email", [UNKNOWN, DEACTIVATED])
@pytest.mark.parametrize(("guess", "hashes"), [("a guess", 1), ("a \uff47uess", 2)])
def test_a_wrong_password_is_hashed_as_often_for_an_address_without_an_account(
    accounts: None,
    new_api: type[Api],
    email: str,
    guess: str,
    hashes: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)

    log_in(new_api(), KNOWN, guess)
    of_known = len(hashed)
    log_in(new_api(), email, guess)

    assert of_known == hashes
    assert len(hashed) == 2 * of_known


@pytest.mark.parametrize("email", [UNKNOWN, DEACTIVATED])
def test_a_wrong_password_asks_the_database_the_same(
    accounts: None, new_api: type[Api], email: str
) -> None:
    log_in(new_api(), "first@example.org", "a guess")  # the window of the network address begins

    known = queries(lambda: log_in(new_api(), KNOWN, "a guess"))
    other = queries(lambda: log_in(new_api(), email, "a guess"))

    assert known == other


@pytest.mark.parametrize("email", [UNKNOWN, DEACTIVATED])
def test_asking_for_a_reset_asks_the_database_the_same(
    accounts: None, new_api: type[Api], email: str
) -> None:
    mutate(new_api(), "requestPasswordReset", email="first@example.org")

    known = queries(lambda: mutate(new_api(), "requestPasswordReset", email=KNOWN))
    other = queries(lambda: mutate(new_api(), "requestPasswordReset", email=email))

    assert known == other


class _MailServer(EmailBackend):
    """A mail server that takes its time: until it is let go on."""

    may_go_on = threading.Event()

    def send_messages(self, messages: list[object]) -> int:
        assert self.may_go_on.wait(TIMEOUT_SECONDS)
        return int(super().send_messages(messages))


def test_the_answer_does_not_wait_for_the_mail_server(
    accounts: None,
    api: Api,
    mailoutbox: list[object],
    monkeypatch: pytest.MonkeyPatch,
    settings: object,
) -> None:
    monkeypatch.setattr(_MailServer, "may_go_on", threading.Event())
    settings.EMAIL_BACKEND = f"{__name__}._MailServer"  # type: ignore[attr-defined]
    monkeypatch.setattr("django.core.mail.import_string", lambda _: _MailServer)
    with ThreadPoolExecutor(1) as sender:
        monkeypatch.setattr(emails, "_sender", sender)
        answer = mutate(api, "requestPasswordReset", email=KNOWN)
        sent_before_the_answer = len(mailoutbox)
        _MailServer.may_go_on.set()

    assert error_codes(answer) == []
    assert sent_before_the_answer == 0
    assert len(mailoutbox) == 1


def test_a_mail_server_that_is_stuck_holds_a_bounded_number_of_emails(
    accounts: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    may_go_on = threading.Event()
    sent: list[object] = []

    def stuck(user: User) -> None:
        assert may_go_on.wait(TIMEOUT_SECONDS)
        sent.append(user)

    monkeypatch.setattr(emails, "_send_password_reset", stuck)
    user = User.objects.get(email=KNOWN)
    with ThreadPoolExecutor(1) as sender:
        monkeypatch.setattr(emails, "_sender", sender)
        for _ in range(emails.MAX_WAITING + 5):
            emails.send_password_reset(user)
        may_go_on.set()

    assert len(sent) == emails.MAX_WAITING
    assert [record.getMessage() for record in caplog.records].count(
        "Too many e-mails are waiting; one is not sent."
    ) == 5
