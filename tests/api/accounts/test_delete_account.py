from django.apps import apps

from server.accounts.models import ApiToken, DailyUsage, User
from server.accounts.sessions import Session
from server.predictions.models import Prediction, PredictionCrop
from tests.support.api import PASSWORD, Api
from tests.support.mutations import error_codes, log_in, mutate, payload, viewer_email
from tests.support.stored import store_prediction

SHARED = {
    "predictions.ModelVersion",
    "contenttypes.ContentType",
    "auth.Permission",
    "accounts.ThrottleWindow",  # of network addresses; see tests/abuse/test_login_guessing.py
}


def test_removes_every_row_of_the_account_in_every_table(
    alice: Api, api: Api, new_api: type[Api], classifier_is_ready: None, cat: bytes
) -> None:
    assert alice.predict(cat).data["predict"]["errors"] == []
    store_prediction(User.objects.get())
    alice.create_token("READ")
    log_in(api, "alice@example.org", "wrong")
    assert row_counts() == {
        "accounts.User": 1,
        "accounts.ApiToken": 1,
        "accounts.DailyUsage": 1,
        "predictions.Prediction": 2,
        "predictions.PredictionCrop": 2,
        "accounts.Session": 1,
    }

    answer = mutate(alice, "deleteAccount", currentPassword=PASSWORD)

    assert payload(answer) == {"errors": []}
    assert row_counts() == {}


def test_leaves_what_belongs_to_others(alice: Api, bob: Api) -> None:
    bob_user = User.objects.get(email="bob@example.org")
    store_prediction(bob_user)
    bob.create_token("READ")
    DailyUsage.objects.create(user=bob_user, day="2026-01-01", predictions=1)

    mutate(alice, "deleteAccount", currentPassword=PASSWORD)

    assert viewer_email(bob) == "bob@example.org"
    for model in (User, ApiToken, DailyUsage, Prediction, PredictionCrop):
        assert model.objects.count() == 1, model


def test_ends_every_session_and_every_token(alice: Api, api: Api, new_api: type[Api]) -> None:
    log_in(api, "alice@example.org")
    secret = alice.create_token("READ")

    mutate(alice, "deleteAccount", currentPassword=PASSWORD)

    assert viewer_email(alice) is None
    assert viewer_email(api) is None
    assert new_api().execute("{ viewer { id } }", token=secret).status == 401


def test_a_wrong_password_deletes_nothing(alice: Api) -> None:
    answer = mutate(alice, "deleteAccount", currentPassword="wrong")

    assert error_codes(answer) == ["PASSWORD_INCORRECT"]
    assert payload(answer)["errors"][0]["field"] == ["input", "currentPassword"]
    assert viewer_email(alice) == "alice@example.org"


def test_the_address_can_be_registered_again_and_inherits_nothing(alice: Api) -> None:
    store_prediction(User.objects.get())
    mutate(alice, "deleteAccount", currentPassword=PASSWORD)

    answer = alice.register("alice@example.org")

    assert error_codes(answer) == []
    history = alice.execute("{ viewer { history { totalCount } apiTokens { id } } }").data["viewer"]
    assert history == {"history": {"totalCount": 0}, "apiTokens": []}


def test_the_session_is_deleted_on_the_server(alice: Api) -> None:
    mutate(alice, "deleteAccount", currentPassword=PASSWORD)

    assert Session.objects.count() == 0


def row_counts() -> dict[str, int]:
    """How many rows each table holds that is not shared by all accounts; empty ones left out."""
    tables = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
    counts = {label: tables[label].objects.count() for label in tables.keys() - SHARED}
    return {label: count for label, count in counts.items() if count}
