"""Writes the network as an ONNX graph whose bytes depend on nothing but the network.

PyTorch's exporter notes at every node where in whose folder it came from: stack traces, paths,
names of modules. None of it is needed to run the graph, and with it no two folders export the same.
"""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from typing import TYPE_CHECKING

from server.classifier.engine import FEATURE_MAP_OUTPUT, PIXELS_INPUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import onnx
    from torch import nn

    from server.classifier.card import ModelCard

# The fields of every message of ONNX that say how it came to be, never what it computes.
_ORIGIN_FIELDS = ("doc_string", "metadata_props")


def write_graph(network: nn.Module, card: ModelCard, path: Path) -> None:
    """Write the backbone of ``network`` as an ONNX graph for one picture at a time.

    ``pixels (1, side, side, 3) uint8 -> feature_map (1, E, h, w), embedding (1, E)``, or what the
    card says the network tells in place of these. A graph
    for any number of pictures was no slower, but a large batch would only gain memory: see
    ``onnx_engine``. The same network gives the same bytes, wherever and whenever it is written.
    """
    import onnx
    import torch

    pixels = torch.zeros((1, card.input_size, card.input_size, 3), dtype=torch.uint8)
    with _silence():
        program = torch.onnx.export(
            network,
            (pixels,),
            input_names=[PIXELS_INPUT],
            output_names=[*([FEATURE_MAP_OUTPUT] if card.has_feature_map else []), card.output],
            dynamo=True,
            external_data=False,  # one file, with the weights inside
        )
    if program is None:
        raise TypeError("torch.onnx.export(dynamo=True) is documented to return a program")
    model = program.model_proto
    _forget_origins(model)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


def _forget_origins(message: onnx.ModelProto) -> None:
    """Clear the fields of origin in ``message`` and in every message within it."""
    for name in _ORIGIN_FIELDS:
        if name in message.DESCRIPTOR.fields_by_name:
            message.ClearField(name)
    for field, value in message.ListFields():
        if field.type != field.TYPE_MESSAGE:
            continue
        for part in value if field.is_repeated else [value]:
            _forget_origins(part)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep the exporter's progress and its remarks on absent packages off the terminal."""
    logging.disable(logging.WARNING)
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)
