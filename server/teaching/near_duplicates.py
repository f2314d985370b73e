"""Which examples are nearly the same photo as another: they teach little that it does not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db.models.functions import Coalesce

from server.classifier.taught_head import unit_length
from server.teaching.models import Example

# Cosine of two embeddings. Other photos of one kind reach 0.77 to 0.98, by the kind: it is a hint.
NEARLY_THE_SAME = 0.98
COMPARED = 500  # the latest examples of a classifier
# Where more of its photos than this are alike, being alike is what they are like: no hint.
USUAL_SHARE = 0.05
JUDGED_FROM = 40  # examples; of fewer, two are more than that share already


@dataclass(frozen=True)
class NearDuplicate:
    """An example, and an earlier one of the same classifier that looks the same."""

    example: Example
    other: Example
    similarity: float  # cosine, at most 1


def near_duplicates(examples: Sequence[Example]) -> list[NearDuplicate]:
    """Return which of these examples of one classifier look the same as one before it.

    Each is told once, with the earlier one that is most like it.
    """
    if not examples:
        return []
    of_classifier = Example.objects.filter(classifier=examples[0].classifier_id).order_by("-pk")
    columns = ("pk", Coalesce("embedding", "prediction__embedding"))
    rows = [
        (key, bytes(embedding)) for key, embedding in of_classifier.values_list(*columns)[:COMPARED]
    ]
    if not rows:
        return []
    size = len(rows[0][1])  # of the network that answers now
    rows = [row for row in reversed(rows) if len(row[1]) == size]
    keys = [key for key, _ in rows]
    unit = unit_length(np.stack([np.frombuffer(embedding, "<f2") for _, embedding in rows]))
    pairs = _pairs(keys, unit, {example.pk for example in examples})
    if not pairs or _are_usual(unit):
        return []
    others = Example.objects.select_related("label").defer("embedding", "crop")
    found = others.in_bulk([other for other, _ in pairs.values()])
    by_key = {example.pk: example for example in examples}
    return [
        NearDuplicate(by_key[key], found[other], min(1.0, similarity))
        for key, (other, similarity) in pairs.items()
        if other in found
    ]


def _pairs(
    keys: Sequence[int], unit: npt.NDArray[np.float32], wanted: set[int]
) -> dict[int, tuple[int, float]]:
    """Return of each wanted key the earlier one that is most like it, and how like."""
    pairs = {}
    for place, key in enumerate(keys):
        if place == 0 or key not in wanted:
            continue
        similarities = unit[:place] @ unit[place]
        nearest = int(similarities.argmax())
        if similarities[nearest] >= NEARLY_THE_SAME:
            pairs[key] = keys[nearest], float(similarities[nearest])
    return pairs


def _are_usual(unit: npt.NDArray[np.float32]) -> bool:
    if len(unit) < JUDGED_FROM:
        return False
    alike = unit @ unit.T >= NEARLY_THE_SAME
    np.fill_diagonal(alike, val=False)
    return float(alike.any(axis=1).mean()) > USUAL_SHARE
