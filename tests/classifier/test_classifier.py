import numpy as np

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.classifier import Classification, Score


def classification(probabilities: dict[int, float]) -> Classification:
    values = np.zeros(1000, np.float32)
    for index, probability in probabilities.items():
        values[index] = probability
    return Classification(
        card=EFFICIENTNET_LITE0, probabilities=values, embedding=np.zeros(1280, np.float32)
    )


def test_top_gives_the_best_labels_first() -> None:
    scores = classification({2: 0.25, 0: 0.5, 1: 0.125}).top(3)
    assert scores == [
        Score("tench", 0.5),
        Score("great white shark", 0.25),
        Score("goldfish", 0.125),
    ]


def test_equal_probabilities_stand_in_the_order_of_the_card() -> None:
    scores = classification({3: 0.25, 1: 0.25, 2: 0.25}).top(4)
    assert [score.label for score in scores] == [
        "goldfish",
        "great white shark",
        "tiger shark",
        "tench",
    ]


def test_top_gives_at_most_all_labels() -> None:
    assert len(classification({}).top(5000)) == 1000


def test_scores_are_plain_python_values() -> None:
    (score,) = classification({0: 0.5}).top(1)
    assert type(score.probability) is float
