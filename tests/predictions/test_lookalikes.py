import numpy as np
import pytest

from server.accounts.models import User
from server.predictions.lookalikes import lookalikes
from server.predictions.models import Prediction
from tests.predictions.test_similar import alice, bob, kinds, stored

__all__ = ["alice", "bob"]


def groups_of(user: User, **options: float) -> list[set[int]]:
    found = lookalikes(user, first=int(options.get("first", 10)), min_similarity=0.8)
    return [{each.pk for each in group.predictions} for group in found]


def test_photos_of_one_kind_are_one_group_the_largest_first(alice: User) -> None:
    embeddings = np.concatenate([kinds(1, 3, seed=1), kinds(1, 7, seed=2), kinds(1, 1, seed=3)])
    mixed = np.random.default_rng(0).permutation(11)
    rows = stored(alice, embeddings[mixed])
    by_kind = [
        {rows[i].pk for i, at in enumerate(mixed) if at in which}
        for which in (
            range(3, 10),
            range(3),
        )
    ]
    assert groups_of(alice) == by_kind  # what is alone is in none
    assert groups_of(alice, first=1) == by_kind[:1]


def test_a_group_begins_with_its_middle_and_says_how_alike_the_others_are(alice: User) -> None:
    stored(alice, kinds(1, 8))
    (group,) = lookalikes(alice, first=5, min_similarity=0.8)
    embeddings = np.stack(
        [
            np.frombuffer(Prediction.objects.get(pk=each.pk).embedding, "<f2").astype(np.float64)
            for each in group.predictions
        ]
    )
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    cosines = embeddings @ embeddings[0]
    assert list(cosines) == sorted(cosines, reverse=True)
    assert group.least_similarity == pytest.approx(cosines[-1], abs=1e-5)


def test_a_group_is_called_what_most_of_it_are_said_to_be(alice: User) -> None:
    rows = stored(alice, kinds(1, 5))
    keys = [row.pk for row in rows]
    Prediction.objects.filter(pk__in=keys[:2]).update(label="head cabbage")
    Prediction.objects.filter(pk__in=keys[2:]).update(correction="fern")
    (group,) = lookalikes(alice, first=5, min_similarity=0.8)
    assert group.label() == "fern"


def test_only_the_persons_own_photos_are_grouped(alice: User, bob: User) -> None:
    embeddings = kinds(1, 4)
    own = stored(alice, embeddings[:2])
    stored(bob, embeddings[2:])
    assert groups_of(alice) == [{row.pk for row in own}]
    assert groups_of(User.objects.create_user("carol@example.org")) == []
