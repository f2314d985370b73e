import io
import json
import struct
import tracemalloc
import zipfile
from typing import Any

import numpy as np
import pytest
from pytest_django import Settings

from server.accounts.models import User
from server.teaching.advice import is_outdated
from server.teaching.errors import (
    ArchiveInvalid,
    ArchiveOfAnotherModel,
    ArchivePart,
    ClassifierLimitReached,
    ClassifierNameTaken,
    LabelLimitReached,
)
from server.teaching.importing import import_classifier
from server.teaching.models import Classifier
from server.teaching.taught import heads
from server.teaching.training import train_classifier
from tests.support.archives import archive_bytes, members_of, without_graph, zipped
from tests.support.embeddings import embedding_of
from tests.support.taught import taught, teach

pytestmark = pytest.mark.usefixtures("classifier_is_ready")


@pytest.fixture
def archive(alice: User) -> bytes:
    plants = teach(alice, {"fern": 3, "moss": 3, "other": 3}, something_else="other")
    train_classifier(alice, plants.pk)
    plants.refresh_from_db()
    return archive_bytes(plants)


def refused(user: User, archive: bytes) -> ArchivePart:
    with pytest.raises(ArchiveInvalid) as raised:
        import_classifier(user, archive, name="brought")
    assert not Classifier.objects.filter(user=user).exists()
    return raised.value.part


def test_another_account_gets_a_classifier_that_answers_the_same(
    alice: User, bob: User, archive: bytes
) -> None:
    brought = import_classifier(bob, archive, name="brought")

    (original,) = Classifier.objects.filter(user=alice)
    both = [heads.of_version(each.current_version_id) for each in (original, brought)]
    for kind in ("fern", "moss", "other", "oak"):
        embedding = np.frombuffer(embedding_of(kind), "<f2").astype(np.float32)
        first, second = (each.classify(embedding) for each in both)
        assert first.probabilities.tolist() == second.probabilities.tolist()
        assert (first.top(1), first.is_known) == (second.top(1), second.is_known)
    assert [(each.name, each.is_something_else) for each in brought.labels.order_by("pk")] == [
        ("fern", False),
        ("moss", False),
        ("other", True),
    ]
    versions = [each.current_version for each in (original, brought)]
    assert versions[0].sha256 == versions[1].sha256
    assert versions[1].example_counts == [3, 3, 3]
    assert brought.examples.count() == 0
    assert not is_outdated(brought, 0)


def test_the_graph_may_be_left_out(bob: User, archive: bytes) -> None:
    assert import_classifier(bob, without_graph(archive), name="brought").current_version


@pytest.mark.parametrize(
    "forged",
    [
        b"",
        b"no zip",
        zipped({}),
        zipped({"card.json": b"{}"}),
        zipped({"../card.json": b"{}", "/head.f32": b""}),
        zipped({"card.json": b"{}", "head.f32": b""}, zipfile.ZIP_LZMA),
        zipped({"card.json": bytes(600_000), "head.f32": b""}),
        zipped({"card.json": b"{}", "head.f32": bytes(9 * 2**20)}),
        zipped({f"{number}{'x' * 60}": b"" for number in range(1000)}),
        b"PK\x06\x07" + bytes(16) + b"PK\x05\x06" + bytes(18),
    ],
    ids=[
        "nothing", "no zip", "empty", "no head", "paths", "another packing", "a large card",
        "a bomb", "many files", "zip64",
    ],
)  # fmt: skip
def test_what_is_no_such_archive_is_refused(bob: User, forged: bytes) -> None:
    assert refused(bob, forged) is ArchivePart.ZIP


def test_a_cut_or_damaged_archive_is_refused(bob: User, archive: bytes) -> None:
    small = without_graph(archive)
    damaged = bytearray(small)
    damaged[200] ^= 0xFF  # within the packed card
    for forged in (small[:-1], small[: len(small) // 2], small[100:], bytes(damaged)):
        assert refused(bob, forged) is ArchivePart.ZIP


def test_a_bomb_is_unpacked_no_further_than_it_may_be(bob: User) -> None:
    bomb = bytearray(zipped({"card.json": bytes(200_000_000), "head.f32": b""}))
    # It says of itself that it is small.
    start = bomb.rfind(b"PK\x01\x02", 0, bomb.rfind(b"PK\x01\x02"))
    struct.pack_into("<L", bomb, start + 24, 10)

    tracemalloc.start()
    try:
        refused(bob, bytes(bomb))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20_000_000


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"format": "another"}, ArchivePart.CARD),
        ({"backbone": []}, ArchivePart.CARD),
        ({"threshold": None}, ArchivePart.CARD),
        ({"threshold": 1.5}, ArchivePart.CARD),
        ({"threshold": float("nan")}, ArchivePart.CARD),
        ({"temperature": 0}, ArchivePart.CARD),
        ({"estimatedAccuracy": "all"}, ArchivePart.CARD),
        ({"somethingElse": 3}, ArchivePart.CARD),
        ({"somethingElse": True}, ArchivePart.CARD),
        ({"exampleCounts": [3, 3]}, ArchivePart.CARD),
        ({"exampleCounts": [3, 3, -1]}, ArchivePart.CARD),
        ({"exampleCounts": [2**40, 3, 3]}, ArchivePart.CARD),
        ({"labels": "fern"}, ArchivePart.LABELS),
        ({"labels": ["fern", 7, "other"]}, ArchivePart.LABELS),
        ({"labels": ["fern", "fern", "other"]}, ArchivePart.LABELS),
        ({"labels": ["fern", " moss", "other"]}, ArchivePart.LABELS),
        ({"labels": ["fern", "mo\0ss", "other"]}, ArchivePart.LABELS),
        ({"labels": ["fern", "m" * 101, "other"]}, ArchivePart.LABELS),
        ({"labels": ["fern", "moss"], "exampleCounts": [3, 3], "somethingElse": 1},
         ArchivePart.HEAD),
        ({"somethingElse": None}, ArchivePart.HEAD),
    ],
)  # fmt: skip
def test_a_card_that_is_none_is_refused(
    bob: User, archive: bytes, changes: dict[str, Any], part: ArchivePart
) -> None:
    assert refused(bob, without_graph(archive, **changes)) is part


@pytest.mark.parametrize("card", [b"", b"[]", b"7", b"{}", b'"x"', b"[" * 100_000, b"\xff"])
def test_what_is_no_card_at_all_is_refused(bob: User, card: bytes) -> None:
    assert refused(bob, zipped({"card.json": card, "head.f32": b""})) is ArchivePart.CARD


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e38])
@pytest.mark.parametrize("place", [0, 3 * 1280, 3 * 1281])
def test_a_head_of_numbers_that_nobody_taught_is_refused(
    bob: User, archive: bytes, number: float, place: int
) -> None:
    floats = np.frombuffer(members_of(archive)["head.f32"], "<f4").copy()
    floats[place] = number

    assert refused(bob, without_graph(archive, head=floats.tobytes())) is ArchivePart.HEAD
    assert refused(bob, without_graph(archive, head=floats.tobytes()[:-4])) is ArchivePart.HEAD


def test_one_of_another_model_is_told(bob: User, archive: bytes) -> None:
    backbone = json.loads(members_of(archive)["card.json"])["backbone"]
    for key in ("name", "version", "weightsSha256"):
        forged = without_graph(archive, backbone=backbone | {key: "another"})
        with pytest.raises(ArchiveOfAnotherModel) as raised:
            import_classifier(bob, forged, name="brought")
        assert raised.value.served == "efficientnet-lite0 2"


def test_the_limits_and_names_of_the_account_are_obeyed(
    bob: User, archive: bytes, settings: Settings
) -> None:
    taught(bob, {"oak": 2, "elm": 2}, name="trees")
    with pytest.raises(ClassifierNameTaken):
        import_classifier(bob, archive, name="trees")
    settings.LABELS_PER_CLASSIFIER = 2
    with pytest.raises(LabelLimitReached):
        import_classifier(bob, archive, name="brought")
    settings.LABELS_PER_CLASSIFIER = 3
    settings.CLASSIFIERS_PER_ACCOUNT = 1
    with pytest.raises(ClassifierLimitReached):
        import_classifier(bob, archive, name="brought")
    assert Classifier.objects.filter(user=bob).count() == 1


def test_the_names_within_an_archive_lead_nowhere(bob: User, archive: bytes) -> None:
    written = io.BytesIO(without_graph(archive))
    with zipfile.ZipFile(written, "a") as opened:
        opened.writestr("../../run.py", b"import os; os.abort()")
        opened.writestr("model.onnx", b"no graph")

    assert import_classifier(bob, written.getvalue(), name="brought").current_version
