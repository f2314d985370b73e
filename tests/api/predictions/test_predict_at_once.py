"""Several predictions at once: real threads on real PostgreSQL, so nothing is rolled back here."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connection
from django.test import override_settings

from server.accounts.models import DailyUsage, User
from server.accounts.quota import require_quota
from server.api.errors import BUSY_RETRY_SECONDS
from server.predictions import services
from server.predictions.inference import inference
from server.predictions.models import Prediction, PredictionCrop
from tests.support.api import PASSWORD, Api
from tests.support.stored import PASSWORD_BACKEND, signed_in
from tests.support.threads import TIMEOUT_SECONDS, at_once, start

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice(transactional_db: None, classifier_is_ready: None) -> Api:
    return signed_in("alice@example.org")


@pytest.fixture
def classifier_with_one_seat(classifier_is_ready: None) -> Iterator[None]:
    """A classifier of its own, where one prediction may wait behind the one in work."""
    inference.cache_clear()
    with override_settings(MAX_WAITING_PREDICTIONS=1, MAX_WAIT_SECONDS=30):
        inference().start()
        inference()._finished_loading.wait(TIMEOUT_SECONDS)
    yield
    inference.cache_clear()
    inference().start()
    inference()._finished_loading.wait(TIMEOUT_SECONDS)


def the_same_client_again(api: Api) -> Api:
    """A client with the same cookies, for a thread of its own."""
    other = Api()
    other.http.cookies = api.http.cookies.copy()
    return other


def locks_waited_for() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


def test_two_equal_keys_at_once_make_one_prediction_and_both_get_it(alice: Api, cat: bytes) -> None:
    clients = [the_same_client_again(alice) for _ in range(2)]

    answers = at_once([lambda c=c: c.upload(cat, idempotencyKey="once") for c in clients])

    payloads = [answer.data["predict"] for answer in answers]
    assert [payload["errors"] for payload in payloads] == [[], []]
    assert payloads[0]["prediction"] == payloads[1]["prediction"]
    assert Prediction.objects.count() == 1
    assert PredictionCrop.objects.count() == 1
    assert DailyUsage.objects.get().predictions == 1


def test_the_second_of_two_equal_keys_waits_for_the_first_to_be_stored(
    alice: Api, cat: bytes
) -> None:
    # Both have found no earlier answer and are classified; only then either may be stored.
    classified = threading.Barrier(2)
    classify = inference().classify

    def classify_together(*arguments: object) -> object:
        answer = classify(*arguments)
        classified.wait(TIMEOUT_SECONDS)
        return answer

    clients = [the_same_client_again(alice) for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inference(), "classify", classify_together)
        answers = at_once([lambda c=c: c.upload(cat, idempotencyKey="once") for c in clients])

    first, second = (answer.data["predict"] for answer in answers)
    assert first["errors"] == second["errors"] == []
    assert first["prediction"]["id"] == second["prediction"]["id"]
    assert Prediction.objects.count() == 1
    assert DailyUsage.objects.get().predictions == 1


def test_a_retry_is_answered_when_its_first_attempt_takes_the_days_last_prediction(
    alice: Api, cat: bytes
) -> None:
    # The retry has found no earlier answer; before it looks at the quota, the first one is stored.
    firsts = []

    def require_quota_afterwards(user: User) -> None:
        patch.undo()
        firsts.extend(at_once([lambda: alice.upload(cat, idempotencyKey="last")]))
        require_quota(user)

    with override_settings(PREDICTIONS_PER_DAY=1), pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "require_quota", require_quota_afterwards)
        retry = the_same_client_again(alice).upload(cat, idempotencyKey="last")

    assert [first.data["predict"]["errors"] for first in firsts] == [[]]
    assert retry.data == firsts[0].data
    assert DailyUsage.objects.get().predictions == 1


@pytest.mark.parametrize("key", [None, "once"])
def test_an_account_deleted_while_its_photo_is_classified_is_told_so(
    alice: Api, cat: bytes, key: str | None
) -> None:
    classify = inference().classify

    def classify_meanwhile_deleted(*arguments: object) -> object:
        answer = classify(*arguments)
        at_once([lambda: User.objects.all().delete()])
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inference(), "classify", classify_meanwhile_deleted)
        answer = alice.upload(cat, idempotencyKey=key)

    assert answer.status == 200
    assert answer.codes == ["UNAUTHENTICATED"]
    assert Prediction.objects.count() == 0
    assert PredictionCrop.objects.count() == 0
    assert DailyUsage.objects.count() == 0


def test_an_account_is_deleted_although_a_prediction_of_it_is_just_being_stored(
    alice: Api, cat: bytes
) -> None:
    user = User.objects.get()
    user.set_password(PASSWORD)
    user.save()
    alice.http.force_login(user, PASSWORD_BACKEND)
    other_client = the_same_client_again(alice)
    uploads = []

    def upload_before_the_user_goes(execute, sql, *arguments):  # noqa: ANN001, ANN002, ANN202 - Django's own signature
        if sql.startswith('DELETE FROM "accounts_user"') and not uploads:
            uploads.append(start(pool, lambda: other_client.upload(cat)))
            while not uploads[0].done() and locks_waited_for() == 0:
                wait(uploads, 0.05)
        return execute(sql, *arguments)

    with ThreadPoolExecutor(1) as pool, connection.execute_wrapper(upload_before_the_user_goes):
        deletion = alice.execute(
            "mutation ($input: DeleteAccountInput!) {"
            " deleteAccount(input: $input) { errors { code } } }",
            input={"currentPassword": PASSWORD},
        )

    assert deletion.data == {"deleteAccount": {"errors": []}}
    assert uploads[0].result().codes == ["UNAUTHENTICATED"]
    assert User.objects.count() == 0
    assert Prediction.objects.count() == 0
    assert PredictionCrop.objects.count() == 0


def test_beyond_the_queue_the_answer_is_busy(
    alice: Api, cat: bytes, classifier_with_one_seat: None
) -> None:
    clients = [the_same_client_again(alice) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        with inference()._admission.slot():
            requests = [start(pool, lambda c=c: c.upload(cat)) for c in clients]
            # Three are refused at once, though nothing moves; one sits and waits.
            while len(wait(requests, 0.1).done) < 3:
                assert len(wait(requests, TIMEOUT_SECONDS, "FIRST_COMPLETED").done) > 0
            assert len(wait(requests, 0.5).done) == 3
        answers = [request.result(TIMEOUT_SECONDS) for request in requests]

    busy = [answer for answer in answers if answer.codes == ["BUSY"]]
    assert len(busy) == 3
    assert all(answer.status == 200 and answer.body["data"] == {"predict": None} for answer in busy)
    assert "try again" in busy[0].body["errors"][0]["message"]
    assert busy[0].body["errors"][0]["extensions"]["retryAfterSeconds"] == BUSY_RETRY_SECONDS
    assert busy[0].http["Retry-After"] == str(BUSY_RETRY_SECONDS)
    (served,) = [answer for answer in answers if not answer.codes]
    assert served.data["predict"]["errors"] == []
    assert Prediction.objects.count() == 1
    assert DailyUsage.objects.get().predictions == 1


def test_after_a_busy_answer_the_same_key_works(
    alice: Api, cat: bytes, classifier_with_one_seat: None
) -> None:
    with ThreadPoolExecutor(1) as pool, inference()._admission.slot():
        waiting = start(pool, lambda: the_same_client_again(alice).upload(cat))
        while len(inference()._admission._queue) < 1:
            assert not wait([waiting], 0.05).done
        refused = alice.upload(cat, idempotencyKey="again")

    retried = alice.upload(cat, idempotencyKey="again")

    assert refused.codes == ["BUSY"]
    assert retried.data["predict"]["errors"] == []


def test_the_crop_and_the_row_come_together_or_not_at_all(alice: Api, cat: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE predictions_predictioncrop"
            " ADD CONSTRAINT no_crop_fits CHECK (length(webp) < 10)"
        )
    try:
        answer = alice.upload(cat, idempotencyKey="once")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE predictions_predictioncrop DROP CONSTRAINT no_crop_fits")

    assert answer.codes == ["INTERNAL_SERVER_ERROR"]
    assert "no_crop_fits" not in str(answer.body)
    assert Prediction.objects.count() == 0
    assert PredictionCrop.objects.count() == 0
    assert DailyUsage.objects.count() == 0
    assert alice.upload(cat, idempotencyKey="once").data["predict"]["errors"] == []
