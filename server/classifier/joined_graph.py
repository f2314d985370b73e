"""A backbone's graph and a taught head as one ONNX model, without the packages that write ONNX.

To append one serialized message of Protocol Buffers to another is to merge them: lists are joined
(https://protobuf.dev/programming-guides/encoding/#last-one-wins). So the graph of the backbone
followed by what `head_graph` returns is a whole model, and nobody has to hold the backbone in
memory. The numbers of fields are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from server.classifier.classifier import LEAST_LENGTH
from server.classifier.engine import EMBEDDING_OUTPUT

if TYPE_CHECKING:
    import numpy.typing as npt

    from server.classifier.taught_head import TaughtHead

PROBABILITIES_OUTPUT = "probabilities"
SIMILARITY_OUTPUT = "similarity"
IS_KNOWN_OUTPUT = "is_known"

_FLOAT, _INT64, _BOOL, _FLOAT16 = 1, 7, 9, 10  # TensorProto.DataType
_ATTRIBUTE_IS_INT = 2  # AttributeProto.AttributeType
_WIRE_VARINT, _WIRE_BYTES = 0, 2
_DTYPES: dict[int, str] = {_FLOAT: "<f4", _INT64: "<i8"}


def head_graph(head: TaughtHead) -> bytes:
    """Return what makes a model of ``head`` of a backbone's graph, when appended to it.

    It adds the outputs ``probabilities (1, L) float32``, ``similarity (1,) float32`` and ``is_known
    (1,) bool``; what they mean and how they come about stands in ``TaughtHead.read``.
    """
    constants = [
        _tensor("head_weights", head.weights, _FLOAT),
        _tensor("head_bias", head.bias, _FLOAT),
        _tensor("head_prototypes", head.prototypes, _FLOAT),
        _tensor("head_threshold", np.array([head.threshold]), _FLOAT),
        _tensor("head_least_length", np.array([LEAST_LENGTH]), _FLOAT),
        _tensor("head_axis", np.array([1]), _INT64),
    ]
    nodes = [
        # What a history keeps of an embedding, and of length 1.
        _node("Cast", [EMBEDDING_OUTPUT], "head_rounded", to=_FLOAT16),
        _node("Cast", ["head_rounded"], "head_kept", to=_FLOAT),
        _node("ReduceL2", ["head_kept", "head_axis"], "head_length"),
        _node("Max", ["head_length", "head_least_length"], "head_divisor"),
        _node("Div", ["head_kept", "head_divisor"], "head_direction"),
        _node("MatMul", ["head_direction", "head_weights"], "head_scores"),
        _node("Add", ["head_scores", "head_bias"], "head_logits"),
        _node("Softmax", ["head_logits"], PROBABILITIES_OUTPUT),
        _node("MatMul", ["head_direction", "head_prototypes"], "head_similarities"),
        _node("ReduceMax", ["head_similarities", "head_axis"], SIMILARITY_OUTPUT, keepdims=0),
    ]
    similar = [SIMILARITY_OUTPUT, "head_threshold"]
    if head.something_else is None:
        nodes.append(_node("GreaterOrEqual", similar, IS_KNOWN_OUTPUT))
    else:
        constants.append(_tensor("head_other", np.array([head.something_else]), _INT64))
        nodes += [
            _node("GreaterOrEqual", similar, "head_is_similar"),
            _node("ArgMax", [PROBABILITIES_OUTPUT], "head_answer", axis=1, keepdims=0),
            _node("Equal", ["head_answer", "head_other"], "head_is_other"),
            _node("Not", ["head_is_other"], "head_is_named"),
            _node("And", ["head_is_similar", "head_is_named"], IS_KNOWN_OUTPUT),
        ]
    outputs = [
        _value(PROBABILITIES_OUTPUT, _FLOAT, (1, len(head.bias))),
        _value(SIMILARITY_OUTPUT, _FLOAT, (1,)),
        _value(IS_KNOWN_OUTPUT, _BOOL, (1,)),
    ]
    graph = b"".join(
        [_bytes(1, node) for node in nodes]
        + [_bytes(5, constant) for constant in constants]
        + [_bytes(12, output) for output in outputs]
    )
    return _bytes(7, graph)  # ModelProto.graph


def _node(operator: str, inputs: list[str], output: str, **attributes: int) -> bytes:
    """Return a NodeProto."""
    names = [_bytes(1, name.encode()) for name in inputs] + [_bytes(2, output.encode())]
    told = [
        _bytes(5, _bytes(1, name.encode()) + _int(3, value) + _int(20, _ATTRIBUTE_IS_INT))
        for name, value in attributes.items()
    ]
    return b"".join([*names, _bytes(4, operator.encode()), *told])


def _tensor(name: str, values: npt.NDArray[np.generic], kind: int) -> bytes:
    """Return a TensorProto."""
    raw = np.ascontiguousarray(values, dtype=_DTYPES[kind]).tobytes()
    shape = b"".join(_int(1, side) for side in values.shape)
    return shape + _int(2, kind) + _bytes(8, name.encode()) + _bytes(9, raw)


def _value(name: str, kind: int, shape: tuple[int, ...]) -> bytes:
    """Return a ValueInfoProto of a tensor."""
    sides = b"".join(_bytes(1, _int(1, side)) for side in shape)
    tensor_type = _int(1, kind) + _bytes(2, sides)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, tensor_type))


def _bytes(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _WIRE_BYTES) + _varint(len(content)) + content


def _int(number: int, value: int) -> bytes:
    return _varint(number << 3 | _WIRE_VARINT) + _varint(value)


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a byte
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
