"""Similar photos, found by their signatures and compared exactly, on real PostgreSQL."""

from collections.abc import Iterable

import numpy as np
import pytest

from server.accounts.models import User
from server.classifier.signature import as_bits, signatures
from server.predictions.errors import PredictionNotFound
from server.predictions.models import Prediction
from server.predictions.signing import BATCH, sign_all
from server.predictions.similar import CANDIDATES, similar
from tests.support.stored import store_predictions

ALL = 2 * CANDIDATES


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice@example.org")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob@example.org")


def kinds(count: int, each: int, seed: int = 0) -> np.ndarray:
    """Embeddings of so many kinds of things, each seen so often, none of them negative."""
    generator = np.random.default_rng(seed)
    middles = generator.exponential(0.3, (count, 1, 1280))
    seen = middles * generator.lognormal(0, 0.3, (count, each, 1280))
    return seen.reshape(-1, 1280).astype("<f2")


def stored(user: User, embeddings: np.ndarray, *, signed: bool = True) -> list[Prediction]:
    signs = signatures(embeddings)
    return store_predictions(
        user,
        (
            {"embedding": each.tobytes(), "signature": as_bits(sign) if signed else None}
            for each, sign in zip(embeddings, signs, strict=True)
        ),
    )


def exactly(embeddings: np.ndarray, asked: int, first: int) -> list[tuple[int, float]]:
    """Return the places of the most similar, by the definition of a cosine."""
    precise = embeddings.astype(np.float64)
    precise /= np.linalg.norm(precise, axis=1, keepdims=True)
    cosines = precise @ precise[asked]
    order = [int(at) for at in np.argsort(-cosines) if at != asked]
    return [(at, float(cosines[at])) for at in order[:first]]


def keys(found: Iterable[object]) -> list[int]:
    return [each.prediction.pk for each in found]  # type: ignore[attr-defined]


def test_up_to_the_number_of_candidates_it_is_exact(alice: User) -> None:
    embeddings = kinds(20, CANDIDATES // 20)
    rows = stored(alice, embeddings)
    for asked in (0, 77, 199):
        expected = exactly(embeddings, asked, first=15)
        found = similar(alice, rows[asked].pk, first=15, min_similarity=0)
        assert keys(found) == [rows[at].pk for at, _ in expected]
        assert [each.similarity for each in found] == pytest.approx(
            [cosine for _, cosine in expected], abs=1e-5
        )


def test_beyond_it_nearly_all_of_the_most_similar_are_found(alice: User) -> None:
    embeddings = kinds(60, 50)
    rows = stored(alice, embeddings)
    hits = 0
    for asked in range(0, 3_000, 150):
        expected = {rows[at].pk for at, _ in exactly(embeddings, asked, first=10)}
        found = similar(alice, rows[asked].pk, first=10, min_similarity=0)
        hits += len(expected & set(keys(found)))
    assert hits >= 0.95 * 200


def test_nobody_elses_photos_are_found_nor_asked_about(alice: User, bob: User) -> None:
    embeddings = kinds(1, 6)
    own, others = stored(alice, embeddings[:3]), stored(bob, embeddings[3:])
    assert set(keys(similar(alice, own[0].pk, first=10, min_similarity=0))) == {
        own[1].pk,
        own[2].pk,
    }
    with pytest.raises(PredictionNotFound):
        similar(alice, others[0].pk, first=10, min_similarity=0)


def test_only_what_is_similar_enough_is_told(alice: User) -> None:
    rows = stored(alice, kinds(2, 4))
    found = similar(alice, rows[0].pk, first=10, min_similarity=0.8)
    assert set(keys(found)) == {row.pk for row in rows[1:4]}
    assert similar(alice, rows[0].pk, first=0, min_similarity=0) == []


def test_the_embedding_of_another_network_is_passed_over(alice: User) -> None:
    rows = stored(alice, kinds(1, 3))
    Prediction.objects.filter(pk=rows[1].pk).update(embedding=bytes(2 * 64))
    assert keys(similar(alice, rows[0].pk, first=10, min_similarity=0)) == [rows[2].pk]


def test_what_an_earlier_version_stored_is_signed_when_it_is_asked_for(alice: User) -> None:
    embeddings = kinds(1, 5)
    rows = stored(alice, embeddings, signed=False)
    found = similar(alice, rows[0].pk, first=10, min_similarity=0)
    assert len(found) == 4
    signs = Prediction.objects.order_by("pk").values_list("signature", flat=True)
    assert list(signs) == [as_bits(sign) for sign in signatures(embeddings)]


def test_all_that_is_unsigned_is_signed_in_batches(alice: User, bob: User) -> None:
    stored(alice, kinds(1, BATCH + 3), signed=False)
    stored(bob, kinds(1, 2), signed=False)
    kept = stored(bob, kinds(1, 1, seed=9))[0]
    Prediction.objects.filter(pk=stored(bob, kinds(1, 1), signed=False)[0].pk).update(
        embedding=bytes(128)  # of another network
    )
    sign_all()
    assert not Prediction.objects.filter(signature=None).exists()
    assert Prediction.objects.get(pk=kept.pk).signature == kept.signature
