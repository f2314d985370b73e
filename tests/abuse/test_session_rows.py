"""The attacker holds a copy of a session: planted, stolen, or found in a table that outlived it."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from server.accounts.models import User
from server.accounts.sessions import EXPIRED_SESSIONS_REMOVED, Session, SessionStore
from tests.support.api import PASSWORD, Api
from tests.support.mutations import log_in, mutate, viewer_email

EMAIL = "alice@example.org"


def thief_of(client: Api) -> Api:
    thief = Api()
    thief.http.cookies = client.http.cookies.copy()
    return thief


def test_a_session_knows_whose_it_is(alice: Api) -> None:
    assert Session.objects.get().user == User.objects.get()


def test_deleting_the_account_deletes_the_sessions_in_other_browsers_too(
    alice: Api, api: Api
) -> None:
    log_in(api, EMAIL)
    assert Session.objects.count() == 2

    mutate(alice, "deleteAccount", currentPassword=PASSWORD)

    assert Session.objects.count() == 0


def test_deleting_the_user_in_the_admin_deletes_them_as_well(alice: Api) -> None:
    User.objects.all().delete()

    assert Session.objects.count() == 0


def test_a_stolen_session_ends_with_a_reset_of_the_password(
    alice: Api, api: Api, mailoutbox: list[object]
) -> None:
    thief = thief_of(alice)
    mutate(api, "requestPasswordReset", email=EMAIL)
    code = mailoutbox[0].body.split("?token=")[1].split()[0]  # type: ignore[attr-defined]

    mutate(api, "resetPassword", resetToken=code, newPassword="another horse 9")

    assert viewer_email(thief) is None
    assert Session.objects.count() == 0


def test_a_stolen_session_ends_with_a_change_of_the_password_and_the_owners_goes_on(
    alice: Api, bob: Api, api: Api
) -> None:
    thief = thief_of(alice)
    log_in(api, EMAIL)

    mutate(alice, "changePassword", currentPassword=PASSWORD, newPassword="another horse 9")

    assert (viewer_email(thief), viewer_email(api)) == (None, None)
    assert (viewer_email(alice), viewer_email(bob)) == (EMAIL, "bob@example.org")
    owners = [session.user.email for session in Session.objects.select_related("user")]
    assert sorted(owners) == [EMAIL, "bob@example.org"]


def test_a_stolen_session_ends_with_logging_out(alice: Api) -> None:
    thief = thief_of(alice)

    mutate(alice, "logOut")

    assert viewer_email(thief) is None


def test_logging_in_again_in_a_session_gives_it_a_new_key(alice: Api) -> None:
    thief = thief_of(alice)

    log_in(alice, EMAIL)

    assert viewer_email(alice) == EMAIL
    assert alice.http.cookies["sessionid"].value != thief.http.cookies["sessionid"].value
    assert viewer_email(thief) is None


@pytest.mark.parametrize("where", ["header", "address", "body"])
def test_a_session_is_taken_from_the_cookie_alone(alice: Api, where: str) -> None:
    key = alice.http.cookies["sessionid"].value
    query = {"query": "{ viewer { email } }"}
    headers = {"X-Session-Id": key, "sessionid": key} if where == "header" else {}
    if where == "address":
        query["sessionid"] = key
        answer = Client().get("/graphql", query)
    else:
        members = query | ({"sessionid": key} if where == "body" else {})
        answer = Client().post(
            "/graphql", members, content_type="application/json", headers=headers
        )

    assert answer.json() == {"data": {"viewer": None}}


@pytest.mark.django_db
def test_a_session_that_is_written_while_its_account_goes_is_not_stored(alice: Api) -> None:
    store = SessionStore(alice.http.cookies["sessionid"].value)
    store["last"] = "change"
    User.objects.all().delete()

    with pytest.raises(UpdateError):
        store.save()

    assert Session.objects.count() == 0


def test_sessions_that_have_expired_are_removed_by_those_that_begin(alice: Api, api: Api) -> None:
    for _ in range(EXPIRED_SESSIONS_REMOVED + 2):
        SessionStore().create()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    log_in(api, EMAIL)

    assert Session.objects.count() == 4


def test_djangos_own_command_clears_them_too(alice: Api) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    call_command("clearsessions")

    assert Session.objects.count() == 0
