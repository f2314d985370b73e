"""The admin: what happened can be looked at, and a token only revoked."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from server.accounts.models import ApiToken, DailyUsage, User
from server.predictions.models import ModelVersion, Prediction
from tests.support.stored import PASSWORD_BACKEND, store_prediction

PASSWORD = "correct horse battery 9"
EMAIL = "root@example.org"


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice@example.org", PASSWORD)


@pytest.fixture
def admin(db: None) -> Client:
    """A client of a superuser."""
    client = Client()
    client.force_login(User.objects.create_superuser(EMAIL, PASSWORD), PASSWORD_BACKEND)
    return client


def token_of(user: User, number: int = 0) -> ApiToken:
    return ApiToken.objects.create(
        user=user, name="ci", digest=f"{number:064x}", hint="tt_abcd", scopes=["READ"]
    )


def page(model: type, action: str, *key: object) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{action}", args=key)


# Logging in


def log_in(client: Client, email: str, password: str = PASSWORD) -> str:
    """Fill in the form; the address that the answer leads to, empty where it refuses."""
    response = client.post("/admin/login/?next=/admin/", {"username": email, "password": password})
    return response.get("Location", "")


def test_asks_everybody_to_log_in(client: Client, db: None) -> None:
    response = client.get("/admin/")

    assert (response.status_code, response["Location"]) == (302, "/admin/login/?next=/admin/")
    assert client.get("/admin/login/").status_code == 200


def test_lets_staff_in_and_nobody_else(client: Client, alice: User) -> None:
    User.objects.create_superuser(EMAIL, PASSWORD)

    assert log_in(client, "alice@example.org") == ""
    assert log_in(client, EMAIL, "wrong") == ""
    assert client.get("/admin/").status_code == 302

    assert log_in(client, "Root@Example.org") == "/admin/"
    response = client.get("/admin/")
    assert response.status_code == 200
    for name in ("Users", "Api tokens", "Daily usage", "Predictions", "Model versions"):
        assert name in response.content.decode()


def test_locks_after_five_wrong_passwords_however_the_address_is_spelled(
    client: Client, db: None
) -> None:
    User.objects.create_superuser(EMAIL, PASSWORD)
    for spelling in (EMAIL, EMAIL.upper(), "Root@example.org", "rOOt@example.org", f" {EMAIL} "):
        log_in(client, spelling, "wrong")

    assert log_in(client, EMAIL) == ""
    assert client.get("/admin/").status_code == 302


# Lists and their queries


def fill(user: User, start: int, stop: int) -> None:
    for number in range(start, stop):
        store_prediction(user, label=f"label {number}")
        token_of(user, number)
        DailyUsage.objects.create(user=user, day=date(2026, 1, number + 1), predictions=number)


@pytest.mark.parametrize("model", [User, ApiToken, DailyUsage, Prediction, ModelVersion])
def test_a_list_takes_as_many_queries_for_many_rows_as_for_one(
    admin: Client, alice: User, model: type
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(page(model, "changelist")).status_code == 200
        return len(captured)

    fill(alice, 0, 1)
    queries()  # content types are remembered from the first time on
    of_one = queries()
    fill(alice, 1, 20)
    for number in range(20):
        User.objects.create_user(f"user{number}@example.org")

    assert queries() == of_one
    assert of_one <= 9


def test_embeddings_are_not_fetched_for_a_list(admin: Client, alice: User) -> None:
    fill(alice, 0, 2)

    with CaptureQueriesContext(connection) as captured:
        admin.get(page(Prediction, "changelist"))

    assert not [query for query in captured.captured_queries if '"embedding"' in query["sql"]]


@pytest.mark.parametrize("model", [User, ApiToken, Prediction])
def test_a_list_can_be_searched_by_address(admin: Client, alice: User, model: type) -> None:
    bob = User.objects.create_user("bob@example.org")
    for number, user in enumerate((alice, bob)):
        store_prediction(user)
        token_of(user, number)

    response = admin.get(page(model, "changelist"), {"q": "alice@"})

    assert "alice@example.org" in response.content.decode()
    assert "bob@example.org" not in response.content.decode()


# What can't be changed


@pytest.mark.parametrize("model", [Prediction, ModelVersion, DailyUsage])
def test_what_happened_can_neither_be_changed_nor_invented(
    admin: Client, alice: User, model: type
) -> None:
    fill(alice, 0, 1)
    before = list(model.objects.values())
    key = model.objects.get().pk

    shown = admin.get(page(model, "change", key))
    changed = admin.post(
        page(model, "change", key),
        {"label": "dog", "predictions": 0, "name": "x", "day": "2026-01-09"},
    )
    invented = admin.post(page(model, "add"), {"user": alice.pk, "day": "2026-01-09"})

    assert shown.status_code == 200
    assert 'name="_save"' not in shown.content.decode()
    assert (changed.status_code, invented.status_code) == (403, 403)
    assert list(model.objects.values()) == before


def test_the_embedding_of_a_prediction_is_not_shown(admin: Client, alice: User) -> None:
    prediction = store_prediction(alice)

    text = admin.get(page(Prediction, "change", prediction.pk)).content.decode()

    assert "tiger cat" in text
    assert "mbedding" not in text
    assert "memory at" not in text


def test_the_digest_of_a_token_is_not_shown(admin: Client, alice: User) -> None:
    token = token_of(alice, 0xABCDEF)

    for address in (page(ApiToken, "change", token.pk), page(ApiToken, "changelist")):
        text = admin.get(address).content.decode()
        assert "tt_abcd" in text
        assert "abcdef" not in text


# Tokens


def revocation(date_text: str = "2026-01-02", time_text: str = "03:04:05") -> dict[str, str]:
    return {"revoked_at_0": date_text, "revoked_at_1": time_text}


def test_a_token_can_be_revoked_and_nothing_else(admin: Client, alice: User) -> None:
    token = token_of(alice)
    before = ApiToken.objects.values().get()

    response = admin.post(
        page(ApiToken, "change", token.pk),
        {
            "name": "other",
            "scopes": "READ,PREDICT",
            "user": "1",
            "digest": "f" * 64,
            "expires_at_0": "2099-01-01",
            "expires_at_1": "00:00:00",
            **revocation(),
        },
    )

    assert response.status_code == 302
    assert ApiToken.objects.values().get() == before | {
        "revoked_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    }


def test_a_revoked_token_stays_revoked(admin: Client, alice: User) -> None:
    token = token_of(alice)
    admin.post(page(ApiToken, "change", token.pk), revocation())
    revoked_at = ApiToken.objects.get().revoked_at

    admin.post(page(ApiToken, "change", token.pk), revocation("", ""))

    assert revoked_at is not None
    assert ApiToken.objects.get().revoked_at == revoked_at


def test_a_token_can_not_be_made_for_somebody(admin: Client, alice: User) -> None:
    assert admin.get(page(ApiToken, "add")).status_code == 403


# Users


def test_a_user_can_be_made_by_address_and_password(admin: Client) -> None:
    response = admin.post(
        page(User, "add"),
        {
            "email": "Carol@Example.org",
            "usable_password": "true",
            "password1": "another horse battery 8",
            "password2": "another horse battery 8",
        },
    )

    assert response.status_code == 302
    carol = User.objects.get(email="carol@example.org")
    assert carol.check_password("another horse battery 8")
    assert not carol.is_staff


def test_an_address_that_is_taken_in_other_capitals_is_refused_with_a_message(
    admin: Client, alice: User
) -> None:
    response = admin.post(
        page(User, "add"),
        {
            "email": "ALICE@example.org",
            "usable_password": "true",
            "password1": "another horse battery 8",
            "password2": "another horse battery 8",
        },
    )

    assert response.status_code == 200
    assert "already exists" in response.content.decode()


def test_an_address_is_folded_when_it_is_changed_too(admin: Client, alice: User) -> None:
    response = admin.post(
        page(User, "change", alice.pk), {"email": "Alice.Jones@Example.org", "is_active": "on"}
    )

    assert response.status_code == 302
    alice.refresh_from_db()
    assert alice.email == "alice.jones@example.org"


def test_a_user_is_deleted_with_everything_of_theirs(admin: Client, alice: User) -> None:
    fill(alice, 0, 2)

    response = admin.post(page(User, "delete", alice.pk), {"post": "yes"})

    assert response.status_code == 302
    assert not User.objects.filter(pk=alice.pk).exists()
    for model in (Prediction, ApiToken, DailyUsage):
        assert model.objects.count() == 0


@pytest.mark.parametrize("model", [User, ApiToken, Prediction])
def test_a_user_without_rights_to_it_sees_nothing(client: Client, alice: User, model: type) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    client.force_login(alice, PASSWORD_BACKEND)

    assert client.get(page(model, "changelist")).status_code == 403
