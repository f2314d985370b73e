"""Pictures that came at the same time are run together: what a GPU is for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference_tier.served_model import ServedModel

Outputs = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Waiting:
    """Pictures of one request, `(N, side, side, 3) uint8`, and what is wanted of them."""

    model: ServedModel
    pixels: npt.NDArray[np.uint8]
    with_map: bool


def run_together(requests: Sequence[Waiting]) -> list[Outputs]:
    """Return the outputs of each request; a model runs once for all of its pictures."""
    made: dict[int, Outputs] = {}
    alike: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for index, request in enumerate(requests):
        alike[request.model.name, request.with_map].append(index)
    for indices in alike.values():
        first = requests[indices[0]]
        pixels = np.concatenate([requests[index].pixels for index in indices])
        outputs = first.model.run(pixels, with_map=first.with_map)
        ends = np.cumsum([len(requests[index].pixels) for index in indices])[:-1]
        parts = {name: np.split(output, ends) for name, output in outputs.items()}
        for place, index in enumerate(indices):
            made[index] = {name: part[place] for name, part in parts.items()}
    return [made[index] for index in range(len(requests))]
