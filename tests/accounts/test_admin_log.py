"""The admin's log tells what was done, and no address of somebody who is gone."""

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from server.accounts.models import User
from tests.support.stored import PASSWORD_BACKEND

ALICE, CAROL = "alice@example.org", "carol@example.org"


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    root = User.objects.create_superuser("root@example.org", "correct horse battery 9")
    client.force_login(root, PASSWORD_BACKEND)
    return client


@pytest.fixture
def alice(admin: Client) -> User:
    """A user whose making, and change of address, the log tells."""
    admin.post(
        reverse("admin:accounts_user_add"),
        {"email": CAROL, "usable_password": "false", "password1": "", "password2": ""},
    )
    user = User.objects.get(email=CAROL)
    change = reverse("admin:accounts_user_change", args=[user.pk])
    admin.post(change, {"email": ALICE, "is_active": "on"})
    user.refresh_from_db()
    assert user.email == ALICE
    assert {entry.object_repr for entry in LogEntry.objects.all()} == {CAROL, ALICE}
    return user


def by_its_page(admin: Client, user: User) -> None:
    admin.post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"})


def by_the_list(admin: Client, user: User) -> None:
    form = {"action": "delete_selected", "_selected_action": [str(user.pk)], "post": "yes"}
    admin.post(reverse("admin:accounts_user_changelist"), form)


def by_themselves(_admin: Client, user: User) -> None:
    user.delete()


@pytest.mark.parametrize("delete", [by_its_page, by_the_list, by_themselves])
def test_no_address_is_left_anywhere_of_an_account_that_was_deleted(
    admin: Client, alice: User, delete: object
) -> None:
    key = alice.pk
    delete(admin, alice)  # type: ignore[operator]

    assert not User.objects.filter(email=ALICE).exists()
    kept = str([list(model.objects.values()) for model in apps.get_models()])
    assert ALICE not in kept
    assert CAROL not in kept
    told = LogEntry.objects.filter(object_id=str(key))
    assert {entry.object_repr for entry in told} == {f"user {key}"}
    assert told.count() == (2 if delete is by_themselves else 3)


def test_what_was_done_to_others_is_told_as_before(admin: Client, alice: User) -> None:
    User.objects.create_user("bob@example.org").delete()

    assert {entry.object_repr for entry in LogEntry.objects.all()} == {CAROL, ALICE}
