"""The admin and the command line take addresses and passwords in the one spelling too."""

import io
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from server.accounts.models import User
from tests.support.stored import PASSWORD_BACKEND

APART, COMPOSED = "Gro\u0308\u00dfe e\u0301te\u0301 9", "Gr\u00f6\u00dfe \u00e9t\u00e9 9"


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    root = User.objects.create_superuser("root@example.org", "correct horse battery 9")
    client.force_login(root, PASSWORD_BACKEND)
    return client


def add(admin: Client, email: str, password: str = "long words 7") -> str:
    """Fill in the form that makes a user; the page, empty where it was taken."""
    form = {"email": email, "usable_password": "true"}
    answer = admin.post(
        reverse("admin:accounts_user_add"), {**form, "password1": password, "password2": password}
    )
    return answer.content.decode()


def test_an_address_with_what_nobody_sees_is_refused(admin: Client) -> None:
    assert "Enter a valid email address" in add(admin, "carol@exam\u200bple.org")
    with pytest.raises(CommandError, match="valid email"):
        call_command("createsuperuser", "--noinput", email="carol@exam\u200bple.org")
    with pytest.raises(ValidationError):
        User(email="ca\u00adrol@example.org").full_clean(exclude={"password"})
    assert User.objects.count() == 1


def test_an_address_is_kept_in_its_one_spelling(admin: Client) -> None:
    add(admin, "Anna@xn--mller-kva.example")
    call_command(
        "createsuperuser", "--noinput", email="Ben@MU\u0308LLER.example", stdout=io.StringIO()
    )

    kept = set(User.objects.values_list("email", flat=True)) - {"root@example.org"}
    assert kept == {"anna@m\u00fcller.example", "ben@m\u00fcller.example"}


def by_the_form(admin: Client) -> None:
    add(admin, "carol@example.org", APART)


def by_the_password_page(admin: Client) -> None:
    carol = User.objects.create_user("carol@example.org")
    address = reverse("admin:auth_user_password_change", args=[carol.pk])
    admin.post(address, {"usable_password": "true", "password1": APART, "password2": APART})


@pytest.mark.parametrize("set_password", [by_the_form, by_the_password_page])
def test_a_password_opens_the_admin_however_its_letters_are_composed(
    admin: Client, set_password: Callable[[Client], None]
) -> None:
    set_password(admin)
    User.objects.filter(email="carol@example.org").update(is_staff=True)

    for typed in (APART, COMPOSED):
        form = {"username": "Carol@example.org", "password": typed}
        assert Client().post("/admin/login/?next=/admin/", form).status_code == 302


def test_a_new_password_with_what_nobody_sees_is_refused(admin: Client) -> None:
    assert "character that can&#x27;t be seen (U+200B)" in add(
        admin, "carol@example.org", "long\u200bwords 7"
    )
