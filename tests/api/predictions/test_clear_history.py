from pytest_django import DjangoAssertNumQueries

from server.predictions.models import Prediction, PredictionCrop
from tests.support.api import Api
from tests.support.stored import store_prediction, user_named

CLEAR = "mutation { clearHistory { deletedCount errors { code } } }"


def test_everything_of_the_account_is_deleted_and_counted(alice: Api, bob: Api) -> None:
    for _ in range(3):
        store_prediction(user_named("alice@example.org"))
    kept = store_prediction(user_named("bob@example.org"))

    answer = alice.execute(CLEAR)

    assert answer.data["clearHistory"] == {"deletedCount": 3, "errors": []}
    assert Prediction.objects.get() == kept
    assert PredictionCrop.objects.get().prediction == kept


def test_an_empty_history_is_cleared_as_well(alice: Api) -> None:
    assert alice.execute(CLEAR).data["clearHistory"] == {"deletedCount": 0, "errors": []}


def test_a_history_is_cleared_by_as_many_queries_however_long_it_is(
    alice: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = user_named("alice@example.org")
    for _ in range(30):
        store_prediction(user)

    # Session, user, its row, predictions with their crops; in two transactions, one in the other.
    with django_assert_num_queries(8):
        alice.execute(CLEAR)


def test_clearing_gives_no_quota_back(alice: Api, cat: bytes) -> None:
    alice.upload(cat)
    alice.execute(CLEAR)

    answer = alice.execute("{ viewer { quota { used } history { totalCount } } }")

    assert answer.data["viewer"] == {"quota": {"used": 1}, "history": {"totalCount": 0}}


def test_clearing_takes_a_session_or_a_token_that_may_manage(alice: Api, api: Api) -> None:
    store_prediction(user_named("alice@example.org"))
    token = alice.create_token("READ", "PREDICT")

    assert api.execute(CLEAR, token=token).codes == ["FORBIDDEN"]
    assert api.execute(CLEAR).codes == ["UNAUTHENTICATED"]
    assert Prediction.objects.count() == 1

    managing = api.execute(CLEAR, token=alice.create_token("MANAGE"))

    assert managing.data["clearHistory"] == {"deletedCount": 1, "errors": []}
