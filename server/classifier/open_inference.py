"""Messages of the Open Inference Protocol over HTTP: tensors as bytes, or as JSON; no I/O.

A message is a JSON header that names its tensors; their bytes follow it where the server announces
the extension, in the header's order. https://github.com/kserve/open-inference-protocol and
https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import orjson

from server.classifier.errors import MessageMalformed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy.typing as npt

HEADER_LENGTH = "Inference-Header-Content-Length"
BINARY_EXTENSION = "binary_tensor_data"
DATA_TYPES: dict[str, np.dtype[Any]] = {"UINT8": np.dtype("u1"), "FP32": np.dtype("<f4")}
MAX_TENSORS = 16
MAX_DIMENSIONS = 8

Direction = Literal["inputs", "outputs"]


@dataclass(frozen=True, eq=False)
class Message:
    """The fields of a header, but for the tensors, and these by their names."""

    fields: dict[str, Any]
    tensors: dict[str, npt.NDArray[Any]]


def encode(
    direction: Direction,
    fields: Mapping[str, object],
    tensors: Mapping[str, npt.NDArray[Any]],
    *,
    binary: Collection[str],
) -> tuple[bytes, int | None]:
    """Return a message, and how long its header is: None where no tensor follows it as bytes.

    Those of ``tensors`` whose names are in ``binary`` do.
    """
    described: list[dict[str, object]] = []
    tail: list[memoryview] = []
    for name, tensor in tensors.items():
        data_type = _data_type(tensor)
        raw = np.ascontiguousarray(tensor)
        if name in binary:
            content: dict[str, object] = {"parameters": {"binary_data_size": raw.nbytes}}
            tail.append(raw.reshape(-1).view(np.uint8).data)
        else:
            content = {"data": raw.reshape(-1)}
        shape = list(tensor.shape)
        described.append({"name": name, "shape": shape, "datatype": data_type, **content})
    header = orjson.dumps({**fields, direction: described}, option=orjson.OPT_SERIALIZE_NUMPY)
    return b"".join([header, *tail]), len(header) if tail else None


def decode(direction: Direction, body: bytes, header_length: str | None) -> Message:
    """Return the message in ``body``; ``header_length`` is what the HTTP header of that name says.

    Nothing is made larger than the body. Raises ``MessageMalformed``.
    """
    end = len(body) if header_length is None else _length(header_length, len(body))
    try:
        fields = orjson.loads(body[:end])
    except orjson.JSONDecodeError as error:
        raise MessageMalformed("the header is not JSON") from error
    described = fields.pop(direction, None) if isinstance(fields, dict) else None
    if not isinstance(described, list) or len(described) > MAX_TENSORS:
        raise MessageMalformed(f"{direction} is not a list of at most {MAX_TENSORS} tensors")
    tensors: dict[str, npt.NDArray[Any]] = {}
    rest = memoryview(body)[end:]
    for each in described:
        name, shape, data_type = _description(each)
        if name in tensors:
            raise MessageMalformed("two tensors have one name")
        size = _binary_size(each)
        if size is None:
            tensors[name] = _from_json(each.get("data"), shape, data_type)
        else:
            if size != prod(shape) * data_type.itemsize or size > len(rest):
                raise MessageMalformed("a tensor has another size than its shape says")
            tensors[name] = np.frombuffer(rest[:size], data_type).reshape(shape)
            rest = rest[size:]
    if rest:
        raise MessageMalformed("bytes are left over")
    return Message(fields, tensors)


def _data_type(tensor: npt.NDArray[Any]) -> str:
    for name, data_type in DATA_TYPES.items():
        if tensor.dtype == data_type:
            return name
    raise TypeError(f"no tensor of {tensor.dtype} is sent")


def _length(text: str, most: int) -> int:
    if not (
        text.isascii() and text.isdigit() and len(text) <= len(str(most)) and int(text) <= most
    ):
        raise MessageMalformed("the length of the header is not one")
    return int(text)


def _description(each: object) -> tuple[str, tuple[int, ...], np.dtype[Any]]:
    if not isinstance(each, dict) or not isinstance(each.get("name"), str):
        raise MessageMalformed("a tensor has no name")
    shape, data_type = each.get("shape"), each.get("datatype")
    if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
        raise MessageMalformed("a tensor has no shape")
    if any(type(side) is not int or not 0 <= side < 2**31 for side in shape):
        raise MessageMalformed("a tensor has no shape")
    if not isinstance(data_type, str) or data_type not in DATA_TYPES:
        raise MessageMalformed(f"a tensor is none of {', '.join(DATA_TYPES)}")
    return each["name"], tuple(shape), DATA_TYPES[data_type]


def _binary_size(each: dict[str, Any]) -> int | None:
    parameters = each.get("parameters") or {}
    size = parameters.get("binary_data_size") if isinstance(parameters, dict) else -1
    if size is not None and (type(size) is not int or size < 0 or "data" in each):
        raise MessageMalformed("the size of a tensor is not one")
    return size


def _from_json(
    values: object, shape: tuple[int, ...], data_type: np.dtype[Any]
) -> npt.NDArray[Any]:
    """Read numbers, nested or in one row; whole ones of a byte each for bytes."""
    if not isinstance(values, list):
        raise MessageMalformed("a tensor has no numbers")
    try:
        numbers = np.asarray(values)
    except ValueError as error:
        raise MessageMalformed("a tensor has uneven rows") from error
    kinds = "iu" if data_type.kind == "u" else "iuf"
    if numbers.size != prod(shape) or (numbers.size and numbers.dtype.kind not in kinds):
        raise MessageMalformed("a tensor's numbers are not those of its shape and type")
    if data_type.kind == "u" and numbers.size and not 0 <= numbers.min() <= numbers.max() <= 255:  # noqa: PLR2004 - a byte
        raise MessageMalformed("a tensor's numbers are not bytes")
    with np.errstate(over="ignore"):  # beyond float32 is infinite, as it is in float32
        return numbers.astype(data_type).reshape(shape)
