import numpy as np
import pytest

from server.classifier.taught_head import TaughtHead, head_from_bytes, unit_length


@pytest.fixture
def head() -> TaughtHead:
    draw = np.random.default_rng(0)
    weights, prototypes = draw.normal(size=(2, 16, 3)).astype(np.float32)
    return TaughtHead(
        weights=weights,
        bias=draw.normal(size=3).astype(np.float32),
        prototypes=unit_length(prototypes[:, :2].T).T,
        threshold=0.25,
        something_else=2,
    )


def test_its_bytes_are_the_same_head(head: TaughtHead) -> None:
    stored = head.to_bytes()
    again = head_from_bytes(stored, label_count=3, threshold=0.25, something_else=2)

    assert again.to_bytes() == stored
    for part in ("weights", "bias", "prototypes"):
        assert np.array_equal(getattr(again, part), getattr(head, part))


@pytest.mark.parametrize("size", [0, 8, 100, 1_000_004])
def test_bytes_of_another_size_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match="no head"):
        head_from_bytes(bytes(size), label_count=3, threshold=0, something_else=None)


def test_the_length_of_an_embedding_says_nothing(head: TaughtHead) -> None:
    embedding = np.abs(np.random.default_rng(1).normal(size=(1, 16))).astype(np.float32)
    short, long = head.read(embedding), head.read(embedding * 4)

    assert np.allclose(short.probabilities, long.probabilities, atol=1e-6)
    assert np.allclose(short.similarity, long.similarity, atol=1e-6)


def test_many_are_read_as_one_by_one(head: TaughtHead) -> None:
    embeddings = np.random.default_rng(2).normal(size=(20, 16)).astype(np.float32)
    together = head.read(embeddings)

    assert np.allclose(together.probabilities.sum(axis=1), 1, atol=1e-6)
    for place, embedding in enumerate(embeddings):
        alone = head.read(embedding[np.newaxis])
        assert np.allclose(alone.probabilities, together.probabilities[place], atol=1e-6)
        assert alone.is_known[0] == together.is_known[place]


def test_an_embedding_is_read_as_the_history_keeps_it(head: TaughtHead) -> None:
    embeddings = np.random.default_rng(3).normal(size=(5, 16)).astype(np.float32)
    now, later = head.read(embeddings), head.read(embeddings.astype(np.float16))

    assert np.array_equal(now.probabilities, later.probabilities)
    assert np.array_equal(now.similarity, later.similarity)


def test_an_embedding_of_nothing_is_read_too(head: TaughtHead) -> None:
    reading = head.read(np.zeros((1, 16), np.float32))
    assert np.isfinite(reading.probabilities).all()
    assert not reading.is_known[0]
