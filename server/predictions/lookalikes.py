"""Groups of photos that look alike, among the latest of a person's history."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from server.accounts.models import User
from server.classifier.taught_head import unit_length
from server.predictions.history import find_predictions
from server.predictions.inference import inference
from server.predictions.models import Prediction

LEAST_MEMBERS = 2
GROUPED = 1_000  # the latest ones: 1,000 × 1,000 similarities take about 50 ms


@dataclass(frozen=True)
class Lookalikes:
    """Predictions whose photos look like that of the first one, the most similar first."""

    predictions: list[Prediction]
    least_similarity: float  # to the first one

    def label(self) -> str:
        """Return what most of them are said to be: by their owner, else by the model."""
        said = Counter(each.correction or each.label for each in self.predictions)
        return said.most_common(1)[0][0]


def lookalikes(user: User, *, first: int, min_similarity: float) -> list[Lookalikes]:
    """Return at most `first` groups of two or more, the largest first; nothing is in two of them.

    Only photos that the same network has read are compared: that of most of the latest ones.

    A group is one photo with all those at least so similar to it that no larger group has taken.

    Raises:
        Busy: see `server.classifier.errors`.
    """
    rows = list(
        Prediction.objects.filter(user=user)
        .order_by("-created_at", "-id")
        .values_list("id", "embedding", "model_version__weights_sha256")[:GROUPED]
    )
    alike = _of_one_network(rows)
    keys = [key for key, _ in alike]
    with inference().turn():
        groups = _groups([embedding for _, embedding in alike], first, min_similarity)
    wanted = [keys[place] for places, _ in groups for place in places]
    predictions = find_predictions(user, wanted)
    found = []
    for places, least_similarity in groups:
        there = [predictions[keys[place]] for place in places if keys[place] in predictions]
        if len(there) >= LEAST_MEMBERS:
            found.append(Lookalikes(there, least_similarity))
    return found


def _of_one_network(rows: Sequence[tuple[int, bytes | memoryview, str]]) -> list[tuple[int, bytes]]:
    """Return the keys and embeddings of the network that most have; none have no embedding."""
    networks = Counter((network, len(embedding)) for _, embedding, network in rows if embedding)
    usual = networks.most_common(1)
    return [
        (key, bytes(embedding))
        for key, embedding, network in rows
        if usual and (network, len(embedding)) == usual[0][0]
    ]


def _groups(
    embeddings: Sequence[bytes], first: int, min_similarity: float
) -> list[tuple[list[int], float]]:
    """Return the places of each group's members, and the least similarity to its first one."""
    if len(embeddings) < LEAST_MEMBERS:
        return []
    stored = np.stack([np.frombuffer(each, "<f2") for each in embeddings])
    unit = unit_length(stored)
    similarities = unit @ unit.T  # (N, N)
    alike = similarities >= min_similarity
    np.fill_diagonal(alike, val=True)  # a cosine may miss 1 by its last digit
    groups: list[tuple[list[int], float]] = []
    while len(groups) < first:
        sizes = alike.sum(axis=1)
        middle = int(sizes.argmax())
        if sizes[middle] < LEAST_MEMBERS:
            break
        members = _from(middle, similarities[middle], alike[middle])
        groups.append((members, float(similarities[middle][members].min())))
        alike[members] = alike[:, members] = False
    return groups


def _from(
    middle: int, similarities: npt.NDArray[np.float32], alike: npt.NDArray[np.bool_]
) -> list[int]:
    """Return the members of a group: its middle, then the others, the most similar first."""
    others = [int(at) for at in np.flatnonzero(alike) if at != middle]
    return [middle, *sorted(others, key=lambda at: (-float(similarities[at]), at))]
