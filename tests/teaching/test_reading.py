import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.accounts.models import User
from server.classifier.errors import ModelUnknown
from server.classifier.taught_head import TaughtHead
from server.predictions.models import Prediction
from server.teaching.errors import NotTrained
from server.teaching.predicting import predict
from server.teaching.reading import read_as
from tests.support.embeddings import embedding_of
from tests.support.taught import stored_picture, taught, teach

pytestmark = pytest.mark.usefixtures("classifier_is_ready")


def test_a_page_is_read_by_one_query_and_one_product(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught(alice, {"fern": 3, "moss": 3})
    kinds = {
        stored_picture(alice, kind, embedding=embedding_of(kind, spread=0.1)).pk: kind
        for kind in ("moss", "fern", "bear", "moss")
    }
    read_as(alice, "plants", [])  # keeps the head
    products = []
    read = TaughtHead.read
    monkeypatch.setattr(
        TaughtHead, "read", lambda head, rows: products.append(len(rows)) or read(head, rows)
    )

    with CaptureQueriesContext(connection) as queries:
        readings = read_as(alice, "plants", list(kinds))

    assert len(queries) == 1
    assert products == [4]
    told = {
        kinds[key]: (reading.top(1)[0].label, reading.is_known) for key, reading in readings.items()
    }
    assert told["moss"] == ("moss", True)
    assert told["fern"] == ("fern", True)
    assert told["bear"][1] is False


def test_reading_again_gives_the_answer_that_was_stored(alice: User, cat: bytes) -> None:
    taught(alice, {"fern": 3, "moss": 3})
    stored = predict(alice, cat, model="plants")

    reading = read_as(alice, "plants", [stored.pk])[stored.pk]

    assert [label for label, _ in reading.top(2)] == [label for label, _ in stored.scores]
    assert reading.top(1)[0].probability == pytest.approx(stored.confidence, abs=1e-6)
    assert reading.is_known == stored.is_known


def test_the_built_in_model_reads_what_a_taught_one_answered(alice: User, cat: bytes) -> None:
    taught(alice, {"fern": 3, "moss": 3})
    stored = predict(alice, cat, model="plants")
    built_in = predict(alice, cat)

    reading = read_as(alice, "efficientnet-lite0", [stored.pk])[stored.pk]

    assert reading.top(1)[0].label == "tiger cat"
    assert reading.top(1)[0].probability == pytest.approx(built_in.confidence, abs=1e-3)


def test_nobody_reads_what_is_somebody_elses_nor_with_it(alice: User, bob: User) -> None:
    taught(alice, {"fern": 3, "moss": 3})
    theirs = stored_picture(bob, "fern")

    assert read_as(alice, "plants", [theirs.pk]) == {}
    assert read_as(alice, "efficientnet-lite0", [theirs.pk]) == {}
    for name in ("plants", "\x00", "\ud800", "a" * 10**6):
        with pytest.raises(ModelUnknown):
            read_as(bob, name, [theirs.pk])


def test_what_was_not_trained_can_not_read(alice: User) -> None:
    teach(alice, {"fern": 3, "moss": 3})
    with pytest.raises(NotTrained):
        read_as(alice, "plants", [Prediction.objects.first().pk])


def test_a_stored_embedding_is_whole(alice: User) -> None:
    prediction = stored_picture(alice, "fern")
    assert np.frombuffer(prediction.embedding, "<f2").shape == (1280,)
