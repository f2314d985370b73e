import smtplib

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from pytest_django import Settings

from server.accounts.models import User
from server.observability.log_lines import JsonFormatter
from tests.support.api import PASSWORD, Api
from tests.support.mutations import error_codes, mutate, payload


@pytest.mark.parametrize("email", ["alice@example.org", " ALICE@Example.org"])
def test_sends_one_message_with_a_code_to_the_address_of_the_account(
    alice: Api, api: Api, mailoutbox: list[EmailMessage], email: str
) -> None:
    answer = mutate(api, "requestPasswordReset", email=email)

    assert error_codes(answer) == []
    (message,) = mailoutbox
    assert message.to == ["alice@example.org"]
    assert message.from_email == "Telltale <telltale@localhost>"
    assert message.subject == "Your Telltale password"
    assert "within 60 minutes" in message.body
    assert f"{settings.SITE_URL}/#/reset-password?token=" in message.body
    assert PASSWORD not in message.body


def test_an_unknown_address_is_answered_the_same_and_sent_nothing(
    alice: Api, api: Api, mailoutbox: list[EmailMessage]
) -> None:
    known = mutate(api, "requestPasswordReset", email="alice@example.org")
    unknown = mutate(api, "requestPasswordReset", email="nobody@example.org")

    assert (known.status, known.body) == (unknown.status, unknown.body)
    assert [message.to for message in mailoutbox] == [["alice@example.org"]]


def test_a_deactivated_account_is_sent_nothing(
    alice: Api, api: Api, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.update(is_active=False)

    answer = mutate(api, "requestPasswordReset", email="alice@example.org")

    assert error_codes(answer) == []
    assert mailoutbox == []


@pytest.mark.parametrize("email", ["", "no address", "a@b\nBcc: carol@example.org", "a" * 10_000])
def test_what_is_no_address_is_refused(
    api: Api, mailoutbox: list[EmailMessage], email: str
) -> None:
    answer = mutate(api, "requestPasswordReset", email=email)

    assert error_codes(answer) == ["EMAIL_INVALID"]
    assert payload(answer)["errors"][0]["field"] == ["input", "email"]
    assert mailoutbox == []


def test_a_mail_server_that_is_down_does_not_tell_which_addresses_have_accounts(
    alice: Api, api: Api, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = 1  # nobody listens there

    known = mutate(api, "requestPasswordReset", email="alice@example.org")
    unknown = mutate(api, "requestPasswordReset", email="nobody@example.org")

    assert error_codes(known) == []
    assert known.body == unknown.body
    (record,) = (entry for entry in caplog.records if entry.name.startswith("server.accounts"))
    assert record.getMessage() == "An e-mail could not be sent: ConnectionRefusedError."
    assert record.exc_info is None


@pytest.mark.parametrize("refusal", ["SMTPRecipientsRefused", "SMTPDataError"])
def test_a_mail_server_that_refuses_an_address_does_not_bring_it_into_the_log(
    alice: Api,
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    refusal: str,
) -> None:
    errors = {
        "SMTPRecipientsRefused": smtplib.SMTPRecipientsRefused({"alice@example.org": (550, b"no")}),
        "SMTPDataError": smtplib.SMTPDataError(550, b"alice@example.org is nobody"),
    }

    def refuse(*_: object) -> int:
        raise errors[refusal]

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)

    mutate(api, "requestPasswordReset", email="alice@example.org")

    (record,) = (entry for entry in caplog.records if entry.name.startswith("server.accounts"))
    assert "alice" not in JsonFormatter().format(record)
    assert refusal in record.getMessage() or "550" in record.getMessage()
