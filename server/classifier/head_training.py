"""Training a head from few examples: ridge regression in closed form, class by class alike.

Each label weighs the same however many examples it has. The same examples in the same order give
the same bytes: everything is float64 until the head is rounded to float32, and nothing is drawn.

With x an embedding of unit length, A the weighted and centred examples (N, 1280) and B their
labels, the weights are ``Aᵀ(AAᵀ + λ)⁻¹B``, or the same as ``(AᵀA + λ)⁻¹AᵀB``: whichever is smaller
is inverted, so that any number of examples costs at most an inverse of 1280 by 1280.
Leaving an example out is exact for a linear smoother: its residual divided by ``1 - h``, h being
the diagonal of the matrix from labels to fitted values (Hastie, Tibshirani and Friedman, The
Elements of Statistical Learning, 7.10).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from server.classifier.taught_head import TaughtHead, unit_length

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Places = npt.NDArray[np.intp]

MIN_EXAMPLES = 2  # of a label: one can't be left out of one
MIN_LABELS = 2
RIDGE = 0.2  # of the mean squared distance from the centre
LEAST_RIDGE = 1e-9  # where all examples are the same
LEAST_SHARE = 1e-3  # of an example's own label in its fitted value that is left to the others
TEMPERATURES = np.geomspace(0.02, 1, 60)
USUAL_TEMPERATURE = 0.12
PRIOR_WEIGHT = 10.0  # of the usual temperature, in examples
REFUSED_SHARE = 0.05  # of what is known, by the threshold of similarity


@dataclass(frozen=True, kw_only=True, eq=False)
class Training:
    """A head, and what it says of each of its N examples when taught without it.

    ``agreement`` is the probability of the example's own label, ``(N,)``; ``taken_for`` the place
    of the most probable label, ``(N,)``.
    """

    head: TaughtHead
    temperature: float
    agreement: Floats
    taken_for: Places


class _Fit(NamedTuple):
    weights: Floats  # (1280, L)
    bias: Floats  # (L,)
    left_out: Floats  # (N, L), scores of each example by what was taught without it


def train_head(
    embeddings: npt.NDArray[np.floating], places: Places, *, something_else: int | None = None
) -> Training:
    """Return the head taught with ``embeddings``, ``(N, 1280)``, and the ``places`` of the labels.

    ``places``, ``(N,)``, are 0 to L - 1, each at least twice and L at least 2; ``something_else``
    is the place of the label of what is none of the others.
    """
    directions = unit_length(embeddings).astype(np.float64)
    counts = np.bincount(places)
    fit = _fit(directions, places, counts)
    temperature = _temperature(fit.left_out, places)
    prototypes, threshold = _prototypes(directions, places, something_else)
    head = TaughtHead(
        weights=(fit.weights / temperature).astype(np.float32),
        bias=(fit.bias / temperature).astype(np.float32),
        prototypes=prototypes.astype(np.float32),
        threshold=float(np.float32(threshold)),
        something_else=something_else,
    )
    probabilities = np.exp(_log_softmax(fit.left_out / temperature))
    return Training(
        head=head,
        temperature=temperature,
        agreement=probabilities[np.arange(len(places)), places],
        taken_for=fit.left_out.argmax(axis=1),
    )


def _fit(directions: Floats, places: Places, counts: Places) -> _Fit:
    example_count, label_count = len(places), len(counts)
    weight = (example_count / label_count) / counts[places]  # (N,), the sum is N
    centre = weight @ directions / weight.sum()
    root = np.sqrt(weight)[:, np.newaxis]
    examples = root * (directions - centre)  # A
    wanted = np.eye(label_count)[places]  # (N, L)
    labels = root * (wanted - 1 / label_count)  # B
    ridge = max(RIDGE * (examples**2).sum() / weight.sum(), LEAST_RIDGE)
    weights, own_share = _solved(examples, labels, ridge)
    bias = 1 / label_count - centre @ weights
    scores = directions @ weights + bias
    left = np.maximum(1 - own_share - weight / weight.sum(), LEAST_SHARE)
    return _Fit(weights, bias, wanted - (wanted - scores) / left[:, np.newaxis])


def _solved(examples: Floats, labels: Floats, ridge: float) -> tuple[Floats, Floats]:
    """Return the weights ``(1280, L)`` and what each label counts in its own fitted value (N,)."""
    example_count, size = examples.shape
    if example_count <= size:
        inverse = np.linalg.inv(examples @ examples.T + ridge * np.eye(example_count))
        return examples.T @ (inverse @ labels), 1 - ridge * np.diagonal(inverse)
    inverse = np.linalg.inv(examples.T @ examples + ridge * np.eye(size))
    return inverse @ (examples.T @ labels), ((examples @ inverse) * examples).sum(axis=1)


def _temperature(left_out: Floats, places: Places) -> float:
    """Return what to divide scores by: the best for the examples left out, near what is usual."""
    own = np.arange(len(places)), places
    losses = [
        -_log_softmax(left_out / temperature)[own].sum()
        + PRIOR_WEIGHT * np.log(temperature / USUAL_TEMPERATURE) ** 2
        for temperature in TEMPERATURES
    ]
    return float(TEMPERATURES[int(np.argmin(losses))])


def _log_softmax(scores: Floats) -> Floats:
    shifted = scores - scores.max(axis=1, keepdims=True)
    normalised: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return normalised


def _prototypes(
    directions: Floats, places: Places, something_else: int | None
) -> tuple[Floats, float]:
    """Return the mean directions ``(1280, K)``, and the similarity that 95 % of examples have."""
    means, similarities = [], []
    for place in range(int(places.max()) + 1):
        if place == something_else:
            continue
        of_label = directions[places == place]
        total = of_label.sum(axis=0)
        means.append(total / _lengths(total))
        others = total - of_label
        similarities.append((of_label * others).sum(axis=1) / _lengths(others)[:, 0])
    threshold = np.quantile(np.concatenate(similarities), REFUSED_SHARE)
    return np.stack(means, axis=1), float(threshold)


def _lengths(vectors: Floats) -> Floats:
    lengths: Floats = np.sqrt((vectors**2).sum(axis=-1, keepdims=True))
    return np.maximum(lengths, np.finfo(np.float64).tiny)
