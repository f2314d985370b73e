"""Messages come back as they were sent, and whatever else comes is refused with one error."""

from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from server.classifier.errors import MessageMalformed
from server.classifier.open_inference import decode, encode

TENSORS = st.dictionaries(
    st.text(max_size=8),
    arrays.arrays(np.uint8, arrays.array_shapes(max_dims=4, max_side=4, min_side=0))
    | arrays.arrays(
        np.float32,
        arrays.array_shapes(max_dims=4, max_side=4, min_side=0),
        elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
    ),
    max_size=3,
)
PICTURE = np.arange(12, dtype=np.uint8).reshape(1, 2, 2, 3)


def sent(**changed: object) -> tuple[bytes, str]:
    """A message of one tensor whose description is changed, and the length of its header."""
    tensor: dict[str, object] = {
        "name": "pixels",
        "shape": [1, 2, 2, 3],
        "datatype": "UINT8",
        "parameters": {"binary_data_size": 12},
    }
    header = orjson.dumps({"inputs": [{**tensor, **changed}]})
    return header + PICTURE.tobytes(), str(len(header))


@given(tensors=TENSORS, binary=st.booleans())
def test_tensors_come_back_as_they_were_sent(
    tensors: dict[str, np.ndarray[Any, Any]], binary: bool
) -> None:
    names = list(tensors) if binary else []
    body, length = encode("outputs", {"id": "7"}, tensors, binary=names)
    message = decode("outputs", body, None if length is None else str(length))

    assert message.fields == {"id": "7"}
    assert message.tensors.keys() == tensors.keys()
    for name, tensor in tensors.items():
        found = message.tensors[name]
        assert (found.dtype, found.shape) == (tensor.dtype, tensor.shape)
        assert found.tobytes() == tensor.tobytes() or np.array_equal(found, tensor)


@given(body=st.binary(max_size=200), length=st.none() | st.text(max_size=5))
def test_whatever_else_comes_is_malformed(body: bytes, length: str | None) -> None:
    with pytest.raises(MessageMalformed):
        decode("inputs", body, length)


@given(at=st.integers(min_value=0), byte=st.integers(0, 255))
def test_a_changed_byte_is_another_message_or_malformed(at: int, byte: int) -> None:
    body, length = sent()
    changed = bytearray(body)
    changed[at % len(body)] = byte
    try:
        message = decode("inputs", bytes(changed), length)
    except MessageMalformed:
        return
    assert sum(tensor.nbytes for tensor in message.tensors.values()) <= len(body)


@pytest.mark.parametrize(
    "changed",
    [
        {"shape": [1, 2, 2, 4]},
        {"shape": [1, 2, 2, -3]},
        {"shape": [-1, 2, 2, -3]},
        {"shape": [2**62, 2**62]},
        {"shape": [1.0, 12]},
        {"shape": [True, 12]},
        {"shape": [1] * 9 + [12]},
        {"shape": None},
        {"datatype": "FP32"},
        {"datatype": "BYTES"},
        {"datatype": ["UINT8"]},
        {"name": 7},
        {"parameters": {"binary_data_size": 11}},
        {"parameters": {"binary_data_size": -12}},
        {"parameters": {"binary_data_size": 2**63}},
        {"parameters": {"binary_data_size": "12"}},
        {"parameters": {"binary_data_size": True}},
        {"parameters": [12]},
        {"parameters": None},
        {"data": [1] * 12},
        {"parameters": {}, "data": [1] * 12},  # then the bytes are left over
    ],
)
def test_a_description_that_does_not_fit_its_bytes_is_malformed(changed: dict[str, Any]) -> None:
    decode("inputs", *sent())
    with pytest.raises(MessageMalformed):
        decode("inputs", *sent(**changed))


@pytest.mark.parametrize(
    "values",
    [
        [1] * 11,
        [256] * 12,
        [-1] * 12,
        [0.5] * 12,
        [None] * 12,
        ["1"] * 12,
        [[1, 2], [3]],
        [1e30] * 12,
        {"0": 1},
        None,
    ],
)
def test_numbers_that_are_not_the_tensors_are_malformed(values: object) -> None:
    tensor = {"name": "pixels", "shape": [1, 2, 2, 3], "datatype": "UINT8", "data": values}
    with pytest.raises(MessageMalformed):
        decode("inputs", orjson.dumps({"inputs": [tensor]}), None)


@pytest.mark.parametrize("length", ["-1", "9999", "1e1", "", " 5", "0x5", "²", "9" * 5000])
def test_a_length_of_the_header_that_is_none_is_malformed(length: str) -> None:
    body, _ = sent()
    with pytest.raises(MessageMalformed):
        decode("inputs", body, length)


def test_nested_and_flat_numbers_are_the_same_tensor() -> None:
    for values in (PICTURE.tolist(), PICTURE.reshape(-1).tolist()):
        tensor = {"name": "pixels", "shape": [1, 2, 2, 3], "datatype": "UINT8", "data": values}
        message = decode("inputs", orjson.dumps({"inputs": [tensor]}), None)
        assert np.array_equal(message.tensors["pixels"], PICTURE)
        assert message.tensors["pixels"].dtype == np.uint8


def test_two_tensors_of_one_name_are_malformed() -> None:
    tensor = {"name": "pixels", "shape": [1], "datatype": "UINT8", "data": [1]}
    with pytest.raises(MessageMalformed):
        decode("inputs", orjson.dumps({"inputs": [tensor, tensor]}), None)


def test_a_number_beyond_float32_is_infinite_and_no_warning() -> None:
    tensor = {"name": "embedding", "shape": [1], "datatype": "FP32", "data": [1e300]}
    message = decode("outputs", orjson.dumps({"outputs": [tensor]}), None)
    assert np.isinf(message.tensors["embedding"]).all()
