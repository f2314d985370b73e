import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from server.classifier import head_training
from server.classifier.head_training import train_head
from tests.classifier.ridge_reference import reference_head

TRAIN_AND_TELL = """
import hashlib
import numpy as np
from server.classifier.head_training import train_head
draw = np.random.default_rng(3)
embeddings = np.abs(draw.normal(size=(400, 1280))).astype(np.float16)
head = train_head(embeddings, np.arange(400) % 8).head
print(hashlib.sha256(head.to_bytes() + repr(head.threshold).encode()).hexdigest())
"""


def drawn(
    *counts: int, size: int = 1280, spread: float = 0.5, seed: int = 0, draws: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings about a centre of each label, few of whose numbers are large, and the places."""
    centres = np.random.default_rng(seed).exponential(size=(len(counts), size)) ** 3
    places = np.repeat(np.arange(len(counts)), counts)
    factors = np.random.default_rng((seed, draws)).normal(1, spread, size=(len(places), size))
    return np.maximum(centres[places] * factors, 0).astype(np.float16), places


@pytest.mark.parametrize("counts", [(5, 5, 5), (2, 20, 7, 3), (10,) * 12])
def test_a_head_is_that_of_pytorch(counts: tuple[int, ...]) -> None:
    embeddings, places = drawn(*counts)

    training = train_head(embeddings, places)

    expected = reference_head(torch.from_numpy(embeddings), torch.from_numpy(places))
    assert training.temperature == pytest.approx(expected.temperature)
    assert np.allclose(training.head.weights, expected.weights, atol=1e-5)
    assert np.allclose(training.head.bias, expected.bias, atol=1e-5)
    assert np.allclose(training.head.prototypes.T, expected.prototypes, atol=1e-5)
    assert training.head.threshold == pytest.approx(expected.threshold, abs=1e-5)
    probabilities = torch.softmax(expected.left_out / expected.temperature, dim=1)
    assert np.allclose(training.agreement, probabilities[np.arange(len(places)), places], atol=1e-5)
    assert (training.taken_for == expected.left_out.argmax(dim=1).numpy()).all()


def test_more_examples_than_an_embedding_has_numbers_are_solved_the_other_way_alike() -> None:
    embeddings, places = drawn(30, 30, 30, size=40)
    padded = np.pad(embeddings, ((0, 0), (0, 100)))  # noughts say nothing, but there are enough

    many, few = train_head(embeddings, places), train_head(padded, places)

    assert np.allclose(many.head.weights, few.head.weights[:40], atol=1e-5)
    assert np.allclose(many.agreement, few.agreement, atol=1e-9)


def test_leaving_out_is_teaching_without() -> None:
    """The rest fitted anew by least squares, with a free intercept and as many of ridge."""
    embeddings, places = drawn(4, 6, 5, size=30)
    directions = head_training.unit_length(embeddings).astype(np.float64)
    weight = (15 / 3) / np.bincount(places)[places]
    centred = directions - weight @ directions / 15
    ridge = 0.2 * (weight[:, np.newaxis] * centred**2).sum() / 15

    fit = head_training._fit(directions, places, np.bincount(places))

    for left in range(15):
        kept = np.arange(15) != left
        rows = np.sqrt(weight[kept])[:, np.newaxis] * np.pad(
            directions[kept], ((0, 0), (0, 1)), constant_values=1
        )
        penalty = np.sqrt(ridge) * np.eye(30, 31)
        wanted = np.sqrt(weight[kept])[:, np.newaxis] * np.eye(3)[places[kept]]
        solution = np.linalg.lstsq(
            np.vstack([rows, penalty]), np.vstack([wanted, np.zeros((30, 3))]), rcond=None
        )[0]
        assert np.allclose(fit.left_out[left], np.append(directions[left], 1) @ solution, atol=1e-8)


def test_the_same_examples_teach_the_same_bytes_with_any_number_of_threads() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", TRAIN_AND_TELL],
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(told) == 1
    assert len(told.pop().strip()) == hashlib.sha256().digest_size * 2


def test_a_label_with_few_examples_is_found_as_often_as_one_with_many() -> None:
    embeddings, places = drawn(60, 4, size=64, spread=2)
    more, expected = drawn(200, 200, size=64, spread=2, draws=1)

    answers = train_head(embeddings, places).head.read(more).probabilities.argmax(axis=1)

    assert (answers == expected)[expected == 0].mean() > 0.85
    assert (answers == expected)[expected == 1].mean() > 0.85


def test_the_threshold_lets_in_what_is_like_the_examples_and_not_what_is_like_none() -> None:
    embeddings, places = drawn(20, 20, 20)
    more, _ = drawn(40, 40, 40, draws=1)
    foreign, _ = drawn(30, 30, seed=9)
    head = train_head(embeddings, places).head

    assert head.read(more).is_known.mean() > 0.9
    assert not head.read(foreign).is_known.any()


def test_something_else_is_answered_but_never_known_nor_a_prototype() -> None:
    embeddings, places = drawn(10, 10, 10, spread=0.5)

    head = train_head(embeddings, places, something_else=1).head
    reading = head.read(embeddings)

    assert head.prototypes.shape == (1280, 2)
    assert (reading.probabilities.argmax(axis=1) == places).all()
    assert not reading.is_known[places == 1].any()
    assert reading.is_known[places != 1].mean() >= 0.9


def test_examples_that_are_all_alike_teach_a_head_that_can_not_tell() -> None:
    embeddings = np.ones((6, 64), np.float16)

    head = train_head(embeddings, np.array([0, 0, 0, 1, 1, 1])).head

    assert head.read(embeddings[:1]).probabilities[0] == pytest.approx([0.5, 0.5], abs=1e-3)
