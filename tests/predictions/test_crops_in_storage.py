"""Crops in object storage, with a real server of S3: put, read, lost, deleted, moved both ways."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from pytest_django import Settings

from server.api.node import global_id
from server.classifier.patience import Breaker
from server.predictions import moving_crops, object_storage
from server.predictions.crops import keep, new_keys, sweep
from server.predictions.models import ObjectToDelete, Prediction, PredictionCrop
from tests.support.api import Api
from tests.support.object_storage import Storage
from tests.support.stored import store_prediction, user_named

CLEAR = "mutation { clearHistory { deletedCount } }"
JPEG = b"\xff\xd8\xff a picture"


@pytest.fixture(scope="module")
def server() -> Iterator[Storage]:
    storage = Storage()
    with storage.up():
        yield storage


@pytest.fixture
def storage(server: Storage, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Storage:
    settings.CROP_STORAGE = server.settings
    object_storage._storage.cache_clear()
    monkeypatch.setattr(object_storage, "_breaker", Breaker(open_seconds=0))
    server.make_bucket()
    return server


@pytest.fixture
def away(storage: Storage, settings: Settings) -> Storage:
    """A storage that nobody answers for."""
    settings.CROP_STORAGE = {**storage.settings, "endpoint_url": "http://127.0.0.1:1"}
    object_storage._storage.cache_clear()
    return storage


@pytest.fixture
def hers(alice: Api, storage: Storage) -> Prediction:
    """A prediction of hers whose crop is in the storage."""
    prediction = store_prediction(user_named("alice@example.org"))
    put(prediction)
    return prediction


def put(prediction: Prediction) -> None:
    kept = keep(JPEG)
    PredictionCrop.objects.filter(pk=prediction.pk).update(webp=None, object_key=kept.object_key)
    ObjectToDelete.objects.all().delete()


def crop(client: Api, prediction: Prediction) -> HttpResponse:
    return client.http.get(f"/predictions/{prediction.pk}/crop")


def move(to: str) -> str:
    told = io.StringIO()
    call_command("move_crops", to=to, stdout=told)
    return told.getvalue()


def pass_an_hour() -> None:
    ObjectToDelete.objects.update(due_at=timezone.now() - timedelta(minutes=1))


def test_a_predictions_crop_is_put_into_the_storage_and_not_into_the_database(
    alice: Api, storage: Storage, cat: bytes, classifier_is_ready: None
) -> None:
    alice.predict(cat)
    kept = PredictionCrop.objects.get()

    assert kept.webp is None
    assert storage.keys() == {kept.object_key}
    assert storage.content(str(kept.object_key)).startswith(b"\xff\xd8\xff")
    assert not ObjectToDelete.objects.exists()
    answer = crop(alice, kept.prediction)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer.content == storage.content(str(kept.object_key))


def test_the_crop_is_its_owners_alone(alice: Api, bob: Api, hers: Prediction) -> None:
    assert crop(alice, hers).content == JPEG
    assert crop(alice, hers)["Cache-Control"] == "private, max-age=3600, immutable"
    assert crop(bob, hers).status_code == 404


def test_a_storage_that_does_not_answer_costs_no_prediction(
    alice: Api, away: Storage, cat: bytes, classifier_is_ready: None
) -> None:
    alice.predict(cat)
    kept = PredictionCrop.objects.get()

    assert kept.object_key is None
    assert bytes(kept.webp or b"").startswith(b"\xff\xd8\xff")
    assert crop(alice, kept.prediction).status_code == 200


def test_a_crop_that_is_lost_is_told_as_that_and_one_that_is_away_as_that(
    alice: Api, hers: Prediction, storage: Storage, settings: Settings
) -> None:
    (key,) = storage.keys()
    content = storage.content(key)
    storage.lose(key)
    lost = crop(alice, hers)
    assert (lost.status_code, lost["Cache-Control"]) == (410, "private, no-store")
    assert lost.json() == {"error": "This picture is lost."}

    object_storage.put(key, content)
    settings.CROP_STORAGE = {**storage.settings, "endpoint_url": "http://127.0.0.1:1"}
    object_storage._storage.cache_clear()
    absent = crop(alice, hers)
    assert (absent.status_code, absent["Retry-After"]) == (503, "5")
    settings.CROP_STORAGE = None
    assert crop(alice, hers).status_code == 503


def test_what_is_deleted_is_deleted_from_the_storage_too(
    alice: Api, hers: Prediction, storage: Storage
) -> None:
    other = store_prediction(user_named("alice@example.org"))
    put(other)
    assert len(storage.keys()) == 2
    delete = "mutation ($id: ID!) { deletePrediction(input: {id: $id}) { errors { code } } }"
    assert alice.execute(delete, id=global_id("Prediction", other.pk)).data
    assert len(storage.keys()) == 1
    assert alice.execute(CLEAR).data
    assert storage.keys() == set()
    assert not ObjectToDelete.objects.exists()


def test_a_deleted_accounts_and_an_old_predictions_objects_are_swept_by_the_daily_command(
    alice: Api, bob: Api, hers: Prediction, storage: Storage, settings: Settings
) -> None:
    old = store_prediction(user_named("bob@example.org"))
    put(old)
    Prediction.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=40))
    user_named("alice@example.org").delete()
    settings.PREDICTION_RETENTION_DAYS = 30
    told = io.StringIO()
    call_command("apply_retention", stdout=told)

    assert storage.keys() == set()
    assert "Deleted 2 pictures from the storage." in told.getvalue()


def test_what_can_not_be_deleted_now_is_deleted_later(
    alice: Api, hers: Prediction, storage: Storage, settings: Settings
) -> None:
    settings.CROP_STORAGE = {**storage.settings, "endpoint_url": "http://127.0.0.1:1"}
    object_storage._storage.cache_clear()
    assert alice.execute(CLEAR).data
    assert Prediction.objects.count() == 0
    with pytest.raises(CommandError, match="does not answer"):
        call_command("apply_retention", stdout=io.StringIO())
    assert ObjectToDelete.objects.count() == 1

    settings.CROP_STORAGE = storage.settings
    object_storage._storage.cache_clear()
    assert sweep() == 1
    assert storage.keys() == set()


def test_an_object_that_no_row_came_to_name_is_swept_after_the_hour(
    storage: Storage, db: None
) -> None:
    kept = keep(JPEG)  # and then the process ends
    assert sweep() == 0
    assert storage.keys() == {kept.object_key}
    pass_an_hour()
    assert sweep() == 1
    assert storage.keys() == set()


def test_crops_are_moved_out_and_back_in_batches_and_nothing_is_lost(
    alice: Api, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving_crops, "BATCH_OBJECTS", 2)
    user = user_named("alice@example.org")
    predictions = [store_prediction(user) for _ in range(5)]
    for prediction in predictions:
        PredictionCrop.objects.filter(pk=prediction.pk).update(
            webp=JPEG + str(prediction.pk).encode()
        )

    def served() -> list[bytes]:
        return [crop(alice, prediction).content for prediction in predictions]

    before = served()
    assert move("storage") == "Moved 5 crops into the storage.\n"
    assert PredictionCrop.objects.filter(webp=None).count() == len(storage.keys()) == 5
    assert served() == before
    assert not ObjectToDelete.objects.exists()
    assert move("storage") == "Moved 0 crops into the storage.\n"

    assert move("database") == "Moved 5 crops into the database.\n"
    assert PredictionCrop.objects.filter(object_key=None).count() == 5
    assert storage.keys() == set()
    assert served() == before


def test_a_lost_object_is_named_by_the_command_and_the_others_move(
    hers: Prediction, storage: Storage
) -> None:
    other = store_prediction(user_named("alice@example.org"))
    put(other)
    storage.lose(str(PredictionCrop.objects.get(pk=hers.pk).object_key))
    with pytest.raises(CommandError, match=rf"1 objects are lost, of the predictions {hers.pk}\."):
        move("database")
    assert bytes(PredictionCrop.objects.get(pk=other.pk).webp or b"") == JPEG


def test_a_prediction_deleted_while_its_crop_moves_leaves_nothing(
    alice: Api, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_prediction(user_named("alice@example.org"))
    put_now = object_storage.put

    def put_and_delete(key: str, content: bytes) -> None:
        put_now(key, content)
        Prediction.objects.all().delete()

    monkeypatch.setattr(object_storage, "put", put_and_delete)
    assert move("storage") == "Moved 0 crops into the storage.\n"
    pass_an_hour()
    sweep()
    assert storage.keys() == set()


def test_without_a_storage_nothing_is_imported_for_one_and_nothing_moves(
    alice: Api, db: None
) -> None:
    assert keep(JPEG).content == JPEG
    with pytest.raises(CommandError, match="CROP_BUCKET is not set"):
        move("storage")


def test_a_storage_that_fails_is_left_alone_for_a_while(
    away: Storage, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_storage, "_breaker", Breaker(open_seconds=3600))
    keep(JPEG)
    asked: list[str] = []
    monkeypatch.setattr(object_storage, "_storage", lambda: asked.append("asked"))
    assert keep(JPEG).content == JPEG
    assert asked == []


def test_keys_cannot_be_guessed_and_are_noted_before_they_are_used(db: None) -> None:
    keys = new_keys(3)
    assert len(set(keys)) == 3
    assert all(len(key) >= 32 for key in keys)
    assert set(ObjectToDelete.objects.values_list("pk", flat=True)) == set(keys)


def test_the_trigger_notes_an_object_however_its_row_goes(hers: Prediction) -> None:
    key = PredictionCrop.objects.get().object_key
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM predictions_prediction")
    assert ObjectToDelete.objects.get().pk == key
