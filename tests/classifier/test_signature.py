import numpy as np
import pytest

from server.classifier.signature import SIGNATURE_BITS, as_bits, signatures

# Of an embedding of the form 0, 1, 2 …: rows are stored, so no later version may sign otherwise.
FIRST_BITS = "0101001011011111011010011001010001001100101110000111101100111011"


def embeddings_like(seed: int, count: int) -> np.ndarray:
    """Embeddings as the network makes them: none negative, most of them small."""
    return np.random.default_rng(seed).exponential(0.3, (count, 1280)).astype(np.float32)


def differing_bits(first: np.ndarray, second: np.ndarray) -> int:
    return int(np.unpackbits(first ^ second).sum())


def test_a_signature_is_the_same_for_ever() -> None:
    bits = as_bits(signatures(np.arange(1280, dtype=np.float32)[np.newaxis])[0])
    assert (len(bits), bits[:64]) == (SIGNATURE_BITS, FIRST_BITS)


def test_each_row_is_signed_by_itself() -> None:
    embeddings = embeddings_like(1, 5)
    together = signatures(embeddings)
    alone = np.concatenate([signatures(each[np.newaxis]) for each in embeddings])
    assert together.shape == (5, SIGNATURE_BITS // 8)
    assert differing_bits(together, alone) <= 2  # sums of 2,048 numbers, of which one may be near 0


def test_the_length_of_an_embedding_does_not_count() -> None:
    embeddings = embeddings_like(2, 1)
    assert np.array_equal(signatures(embeddings), signatures(embeddings * 8))


@pytest.mark.parametrize("angle_degrees", [5, 20, 45, 70])
def test_bits_differ_in_proportion_to_the_angle(angle_degrees: float) -> None:
    first, other = embeddings_like(3, 2).astype(np.float64)
    first /= np.linalg.norm(first)
    other -= other @ first * first
    other /= np.linalg.norm(other)
    angle = np.deg2rad(angle_degrees)
    second = np.cos(angle) * first + np.sin(angle) * other

    signed = signatures(np.stack([first, second]))
    expected = SIGNATURE_BITS * angle_degrees / 180
    # Four standard deviations of so many draws, as if the bits were independent.
    tolerance = 4 * np.sqrt(expected * (1 - angle_degrees / 180))
    assert abs(differing_bits(signed[0], signed[1]) - expected) < tolerance


def test_bits_are_written_the_first_one_first() -> None:
    signature = np.zeros(SIGNATURE_BITS // 8, np.uint8)
    signature[0], signature[-1] = 0b1000_0000, 0b0000_0010
    bits = as_bits(signature)
    assert [place for place, bit in enumerate(bits) if bit == "1"] == [0, SIGNATURE_BITS - 2]


@pytest.mark.parametrize("size", [0, 64, 2048, 5000])
def test_the_embeddings_of_other_networks_are_signed_too(size: int) -> None:
    embeddings = np.random.default_rng(5).exponential(0.3, (2, size)).astype(np.float32)
    signed = signatures(np.concatenate([embeddings, embeddings[:1]]))
    assert signed.shape == (3, SIGNATURE_BITS // 8)
    assert np.array_equal(signed[0], signed[2])
    assert size == 0 or differing_bits(signed[0], signed[1]) > 100
