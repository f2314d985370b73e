import dataclasses
from importlib import resources

import pytest

from server.classifier.card import EFFICIENTNET_LITE0

CARD = EFFICIENTNET_LITE0


def test_labels_are_distinct_and_printable() -> None:
    assert len({label.casefold() for label in CARD.labels}) == len(CARD.labels)
    assert all(label == label.strip() and label.isprintable() for label in CARD.labels)


def test_each_label_has_a_gloss_of_one_sentence() -> None:
    assert list(CARD.gloss_by_label) == list(CARD.labels)
    for gloss in CARD.glosses:
        assert gloss[0].isupper() or gloss[0].isdigit()
        assert gloss.endswith(".")
        assert '"' not in gloss
        assert gloss.isprintable()
        assert 12 < len(gloss) < 250


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("bolete", "fungus"),
        ("crane (bird)", "wading bird"),
        ("crane (machine)", "lifts and moves heavy objects"),
        ("Cardigan (dog)", "corgi"),
        ("cardigan (garment)", "knitted jacket"),
        ("maillot (tights)", "tights"),
        ("maillot (swimsuit)", "bathing suit"),
        ("tabby", "a cat with a grey or tawny coat"),
        ("jean", "trousers"),
        ("plane", "carpenter"),
        ("groom", "married"),
        ("washer", "washing clothes"),
    ],
)
def test_a_gloss_is_that_of_the_meaning(label: str, words: str) -> None:
    assert words.casefold() in EFFICIENTNET_LITE0.gloss_by_label[label].casefold()


def test_the_notice_of_wordnet_is_shipped_with_its_glosses() -> None:
    notice = resources.files("server.classifier").joinpath("WORDNET_LICENSE").read_text("utf-8")
    assert "WordNet 3.1 Copyright 2011 by Princeton University.  All rights reserved." in notice
    assert "Permission to use, copy, modify and distribute" in notice


@pytest.mark.parametrize(
    ("index", "label"),
    [
        (0, "tench"),
        (134, "crane (bird)"),
        (264, "Cardigan (dog)"),
        (281, "tabby"),
        (474, "cardigan (garment)"),
        (517, "crane (machine)"),
        (638, "maillot (tights)"),
        (639, "maillot (swimsuit)"),
        (999, "toilet tissue"),
    ],
)
def test_labels_stand_in_imagenet_order(index: int, label: str) -> None:
    assert EFFICIENTNET_LITE0.labels[index] == label
    assert len(EFFICIENTNET_LITE0.labels) == 1000


def test_a_card_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        EFFICIENTNET_LITE0.version = "3"


@pytest.mark.parametrize(
    "change",
    [{"version": "3"}, {"crop_fraction": 0.9}, {"mean": (0.0, 0.0, 0.0)}, {"labels": ("a",)}],
    ids=lambda change: next(iter(change)),
)
def test_the_fingerprint_changes_with_every_field(change: dict[str, object]) -> None:
    changed = dataclasses.replace(EFFICIENTNET_LITE0, **change)
    assert changed.fingerprint != EFFICIENTNET_LITE0.fingerprint
    assert dataclasses.replace(EFFICIENTNET_LITE0).fingerprint == EFFICIENTNET_LITE0.fingerprint
