from pathlib import Path

import numpy as np
import pytest

from server.classifier.head import Head, load_head


@pytest.fixture
def head() -> Head:
    # Logits: the two values of the embedding, and their sum plus one.
    weights = np.array([[1, 0, 1], [0, 1, 1]], np.float32)
    return Head(weights=weights, bias=np.array([0, 0, 1], np.float32))


def test_probabilities_are_the_softmax_of_the_logits(head: Head) -> None:
    embedding = np.log(np.array([[2, 3]], np.float32))
    probabilities = head.probabilities(embedding)

    odds = np.array([2, 3, 6 * np.e])
    assert probabilities.dtype == np.float32
    assert np.allclose(probabilities, [odds / odds.sum()], atol=1e-6)


def test_each_row_sums_to_one(head: Head) -> None:
    embedding = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    assert np.allclose(head.probabilities(embedding).sum(axis=1), 1, atol=1e-6)


def test_huge_logits_do_not_overflow(head: Head) -> None:
    probabilities = head.probabilities(np.array([[1000, -1000], [-5000, -9000]], np.float32))
    assert np.isfinite(probabilities).all()
    assert probabilities.argmax(axis=1).tolist() == [0, 0]


def test_a_saved_head_is_mapped_not_copied(head: Head, tmp_path: Path) -> None:
    head.save(tmp_path)
    loaded = load_head(tmp_path)

    assert isinstance(loaded.weights, np.memmap)
    assert np.array_equal(loaded.weights, head.weights)
    assert np.array_equal(loaded.bias, head.bias)
    with pytest.raises(ValueError, match="read-only"):
        loaded.weights[0, 0] = 5
