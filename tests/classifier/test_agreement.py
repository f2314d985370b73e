from collections.abc import Callable

import numpy as np
import pytest

from server.classifier.agreement import PHOTOS, measure_agreement, read_photos
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.classifier import Classifier
from server.classifier.errors import ExportDisagrees
from server.classifier.head import Head


def with_bias_added(classifier: Classifier, label: str, addition: float) -> Classifier:
    head = classifier._head
    bias = head.bias.copy()
    bias[EFFICIENTNET_LITE0.labels.index(label)] += addition
    return Classifier(EFFICIENTNET_LITE0, classifier._engine, Head(weights=head.weights, bias=bias))


@pytest.fixture
def coffee(photo: Callable[[str], bytes]) -> dict[str, bytes]:
    return {"coffee.png": photo("coffee.png")}


def test_the_photos_are_all_there() -> None:
    assert tuple(read_photos()) == PHOTOS


def test_a_model_agrees_with_itself(exported: Classifier, coffee: dict[str, bytes]) -> None:
    assert measure_agreement(exported, exported, coffee) == 0


def test_a_difference_in_probability_is_measured(
    exported: Classifier, coffee: dict[str, bytes]
) -> None:
    shifted = with_bias_added(exported, "espresso", 1e-3)
    assert 1e-5 < measure_agreement(exported, shifted, coffee) < 1e-3


def test_too_large_a_difference_is_refused(exported: Classifier, coffee: dict[str, bytes]) -> None:
    shifted = with_bias_added(exported, "espresso", 0.1)
    with pytest.raises(ExportDisagrees) as raised:
        measure_agreement(exported, shifted, coffee)
    assert raised.value.photo == "coffee.png"
    assert raised.value.max_difference > 1e-3
    assert raised.value.same_top_5


def test_another_order_is_refused_however_small_the_difference(
    exported: Classifier, photo: Callable[[str], bytes]
) -> None:
    # "dishrag" and "shower curtain" stand fourth and fifth on this photo, 0.0005 apart.
    photos = {"gravel.png": photo("gravel.png")}
    with pytest.raises(ExportDisagrees) as raised:
        measure_agreement(exported, with_bias_added(exported, "shower curtain", 0.04), photos)
    assert not raised.value.same_top_5
    assert raised.value.max_difference < 1e-3


def test_an_answer_that_is_no_number_is_refused(
    exported: Classifier, coffee: dict[str, bytes]
) -> None:
    broken = with_bias_added(exported, "tench", np.nan)
    with pytest.raises(ExportDisagrees):
        measure_agreement(exported, broken, coffee)
