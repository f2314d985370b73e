"""What leaving each example out tells: how right a version is, and which examples to look at."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from server.classifier.head_training import Training

ESTIMATED_FROM = 10  # examples of each label; with fewer, the estimate is some points too low
SUSPECTED_FROM = 5  # examples of a label; with fewer, half of what is suspected is right
SUSPECTED_SHARE = 0.1  # of the examples at most
KEPT_CONFUSIONS = 100


@dataclass(frozen=True)
class Judgement:
    """What a training says of itself."""

    estimated_accuracy: float | None  # the mean over labels, 0 to 1
    confusions: list[tuple[str, str, int]]  # label, taken for, how often; the most frequent first
    is_suspicious: npt.NDArray[np.bool_]  # (N,)


def judge(labels: Sequence[str], places: npt.NDArray[np.intp], training: Training) -> Judgement:
    """Return the judgement on a training with examples of the labels at `places`, `(N,)`."""
    counts = np.bincount(places)
    right = np.bincount(places, weights=training.taken_for == places)
    accuracy = float((right / counts).mean()) if counts.min() >= ESTIMATED_FROM else None
    return Judgement(
        estimated_accuracy=accuracy,
        confusions=_confusions(labels, places, training.taken_for),
        is_suspicious=_suspicious(places, counts, training),
    )


def _confusions(
    labels: Sequence[str], places: npt.NDArray[np.intp], taken_for: npt.NDArray[np.intp]
) -> list[tuple[str, str, int]]:
    wrong = places != taken_for
    pairs, counts = np.unique(
        np.stack([places[wrong], taken_for[wrong]]), axis=1, return_counts=True
    )
    order = np.argsort(-counts, kind="stable")[:KEPT_CONFUSIONS]
    return [(labels[pairs[0, i]], labels[pairs[1, i]], int(counts[i])) for i in order]


def _suspicious(
    places: npt.NDArray[np.intp], counts: npt.NDArray[np.intp], training: Training
) -> npt.NDArray[np.bool_]:
    """Return which examples the others contradict most: a tenth of all at most."""
    contradicted = (training.taken_for != places) & (counts[places] >= SUSPECTED_FROM)
    most = int(len(places) * SUSPECTED_SHARE)
    order = np.argsort(np.where(contradicted, training.agreement, np.inf), kind="stable")[:most]
    suspicious = np.zeros(len(places), bool)
    suspicious[order] = contradicted[order]
    return suspicious
