"""Reads from coded AV1 data how large its frames may be (AV1 specification, 5.3 to 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEQUENCE_HEADER = 1
_MAX_UNITS = 1000


class SequenceUnclear(ValueError):
    """The data is damaged, or there is none of a sequence."""


def coded_pixels(data: bytes) -> int:
    """Return how many pixels a frame of ``data`` may have; raises ``SequenceUnclear``.

    Where frames may tell a size of their own, it is a quarter of the most.
    """
    headers = [content for kind, content in _units(data) if kind == _SEQUENCE_HEADER]
    if not headers:
        raise SequenceUnclear
    return max(_frame_pixels(_Bits(header)) for header in headers)


def _units(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    for _ in range(_MAX_UNITS):
        if position >= len(data):
            return
        header = data[position]
        position += 2 if header & 4 else 1
        size = len(data) - position
        if header & 2:
            size, position = _size(data, position)
        yield header >> 3 & 15, data[position : position + size]
        position += size
    raise SequenceUnclear


def _size(data: bytes, position: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        if position >= len(data):
            break
        value |= (data[position] & 127) << 7 * place
        position += 1
        if not data[position - 1] & 128:
            return value, position
    raise SequenceUnclear


def _frame_pixels(bits: _Bits) -> int:
    bits.take(3 + 1)  # profile, still picture
    is_reduced = bits.take(1)
    if is_reduced:
        bits.take(5)  # level
    else:
        _skip_operating_points(bits)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    width, height = bits.take(width_bits) + 1, bits.take(height_bits) + 1
    if is_reduced:
        return width * height
    # Each frame may then tell a size of its own, in as many bits. That is less likely than bits to
    # spare, and a frame that is shown no larger than the file says takes a quarter of the memory.
    return max(width * height, (1 << width_bits + height_bits) // 4)


def _skip_operating_points(bits: _Bits) -> None:
    delay_bits = 0
    if bits.take(1):  # timing
        bits.take(64)
        if bits.take(1):
            bits.take_exponential()
        if bits.take(1):  # model of the decoder
            delay_bits = bits.take(5) + 1
            bits.take(32 + 5 + 5)
    has_display_delay = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:  # noqa: PLR2004 - the level from which on there are tiers
            bits.take(1)
        if delay_bits and bits.take(1):
            bits.take(2 * delay_bits + 1)
        if has_display_delay and bits.take(1):
            bits.take(4)


class _Bits:
    def __init__(self, content: bytes) -> None:
        self._value, self._left = int.from_bytes(content[:256], "big"), 8 * len(content[:256])

    def take(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise SequenceUnclear
        return self._value >> self._left & (1 << count) - 1

    def take_exponential(self) -> None:
        zeros = 0
        while not self.take(1):
            zeros += 1
        self.take(min(zeros, 32))
