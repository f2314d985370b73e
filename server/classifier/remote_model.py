"""What a server must say and answer to be one that runs our graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from server.classifier.engine import FEATURE_MAP_OUTPUT, PIXELS_INPUT
from server.classifier.errors import TierDiffers
from server.classifier.exported_model import BACKBONE_FILE, Manifest, directory_of
from server.classifier.golden import (
    MAX_DISTANCE,
    distance,
    golden_pixels,
    load_golden_embedding,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from server.classifier.card import ModelCard

GRAPH_PARAMETER = "graph_sha256"  # ours tell it; other servers need not


@dataclass(frozen=True, kw_only=True, eq=False)
class RemoteModel:
    """The graph of a card, as a web worker knows it that has not got it."""

    served_name: str
    graph_sha256: str
    input_size: int
    output: str
    output_size: int
    golden_pixels: npt.NDArray[np.uint8]
    golden_embedding: npt.NDArray[np.float32]

    def require_described(self, described: Mapping[str, Any], address: str) -> None:
        """Raise ``TierDiffers`` where a server's metadata are of another model.

        Only what every server tells is believed: names, inputs and outputs.
        """
        self.require_same_graph(described, address)
        side = self.input_size
        expected = {
            ("inputs", PIXELS_INPUT): ("UINT8", [side, side, 3]),
            ("outputs", self.output): ("FP32", [self.output_size]),
        }
        for (direction, name), (data_type, shape) in expected.items():
            tensors = described.get(direction)
            found = [
                tensor
                for tensor in (tensors if isinstance(tensors, list) else [])
                if isinstance(tensor, dict) and tensor.get("name") == name
            ]
            told = (found[0].get("datatype"), found[0].get("shape")) if found else (None, None)
            whole = told[1] if isinstance(told[1], list) else []
            # The first dimension is that of pictures: any number of them, or one.
            if told[0] != data_type or whole[1:] != shape or whole[0] not in (-1, 1):
                raise TierDiffers(address, f"its {name} is {told[0]} {told[1]}")

    def require_same_graph(self, fields: Mapping[str, Any], address: str) -> None:
        """Raise ``TierDiffers`` where a server tells that it runs another graph."""
        parameters = fields.get("parameters")
        told = parameters.get(GRAPH_PARAMETER) if isinstance(parameters, dict) else None
        if told not in (None, self.graph_sha256):
            raise TierDiffers(address, f"its graph is {told}, ours {self.graph_sha256}")

    def require_golden(self, embedding: npt.NDArray[np.float32], address: str) -> None:
        """Raise ``TierDiffers`` unless ``embedding`` ``(1, E)`` is that of the golden picture."""
        apart = distance(self.golden_embedding, embedding[0])
        # Written so that NaN, which compares false with everything, is refused.
        if not apart <= MAX_DISTANCE:
            raise TierDiffers(address, f"it answers otherwise, by {apart:.3f}")

    def checked(
        self, tensors: Mapping[str, npt.NDArray[Any]], outputs: Sequence[str], address: str
    ) -> dict[str, npt.NDArray[np.float32]]:
        """Return ``outputs`` of one picture; raises ``TierDiffers`` where one has another shape."""
        for name in outputs:
            found = tensors.get(name)
            if found is None or found.dtype != np.float32 or not self._fits(name, found.shape):
                raise TierDiffers(address, f"its {name} is {getattr(found, 'shape', None)}")
            if not np.isfinite(found).all():
                raise TierDiffers(address, f"its {name} is not finite")
        return {name: tensors[name] for name in outputs}

    def _fits(self, name: str, shape: tuple[int, ...]) -> bool:
        if name == FEATURE_MAP_OUTPUT:
            return len(shape) == 4 and shape[:2] == (1, self.output_size)  # noqa: PLR2004
        return shape == (1, self.output_size)


def remote_model(card: ModelCard, manifest: Manifest, model_directory: Path) -> RemoteModel:
    """Return what has to be known of a model whose files lie below ``model_directory``."""
    return RemoteModel(
        served_name=manifest.served_name,
        graph_sha256=manifest.files[BACKBONE_FILE],
        input_size=card.input_size,
        output=card.output,
        output_size=card.output_size,
        golden_pixels=golden_pixels(card.input_size),
        golden_embedding=load_golden_embedding(directory_of(card, model_directory)),
    )
