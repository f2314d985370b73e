"""A colour profile from numbers: what a PNG tells in its ``gAMA`` and ``cHRM``, or code points.

The profile is the least that ICC.1:2022 asks of a "three-component matrix-based" one (section 8.3):
a curve for all channels, and where the three primaries and white lie. White becomes that of the
profile connection space (D50) by Bradford's matrix, as the specification's annex E has it.
"""

from __future__ import annotations

import struct
from functools import lru_cache

import numpy as np
import numpy.typing as npt

_UNIT = 100_000  # PNG counts in 100,000ths
_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
# x and y of white, red, green and blue: those of sRGB, where the file tells nothing of its own.
SRGB = (31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000)
_COLUMNS = (b"rXYZ", b"gXYZ", b"bXYZ")
_MAX_EXPONENT = 10.0
# Who writes a gamma alone, and that one, means sRGB, whose curve is about a power of 2.2. So
# Chromium has it, with this tolerance.
_SRGB_EXPONENT = 2.2
_TOLERANCE = 0.05


@lru_cache(maxsize=8)
def calibrated_profile(gamma: int, chromaticities: tuple[int, ...] | None) -> bytes | None:
    """Return an ICC profile; None where the numbers mean sRGB, or make no sense.

    ``gamma`` and ``chromaticities`` (x and y of white, red, green and blue) are as PNG has them.
    """
    exponent = _UNIT / gamma if gamma else 0.0
    if not 1 / _MAX_EXPONENT < exponent < _MAX_EXPONENT:
        return None
    if chromaticities is None and abs(_SRGB_EXPONENT / exponent - 1) < _TOLERANCE:
        return None
    try:
        columns = _primaries(chromaticities or SRGB)
    except (ZeroDivisionError, np.linalg.LinAlgError):
        return None
    if np.abs(columns).max() > 2:  # noqa: PLR2004 - an XYZ that no colour has
        return None
    return _profile_file(columns, struct.pack(">IH2x", 1, round(exponent * 256)))


def sampled_profile(levels: npt.NDArray[np.float64], chromaticities: tuple[int, ...]) -> bytes:
    """Return an ICC profile of a curve that is told by its linear ``levels``, each 0 to 1."""
    samples = np.round(levels * 65_535).astype(">u2").tobytes()
    curve = struct.pack(">I", len(levels)) + samples
    return _profile_file(_primaries(chromaticities), curve + bytes(-len(samples) % 4))


def _primaries(chromaticities: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Return XYZ of red, green and blue under D50, a column each."""
    white, *primaries = (
        np.array([x / y, 1.0, (_UNIT - x - y) / y])
        for x, y in zip(chromaticities[::2], chromaticities[1::2], strict=True)
    )
    matrix = np.stack(primaries, axis=1)
    matrix *= np.linalg.solve(matrix, white)  # the three together are white
    cones = np.diag((_BRADFORD @ _D50) / (_BRADFORD @ white))
    adapted: npt.NDArray[np.float64] = np.linalg.solve(_BRADFORD, cones @ _BRADFORD @ matrix)
    return adapted


def _profile_file(columns: npt.NDArray[np.float64], curve_content: bytes) -> bytes:
    curve = b"curv" + bytes(4) + curve_content
    contents = [
        (b"wtpt", _xyz(_D50)),
        *((name, _xyz(column)) for name, column in zip(_COLUMNS, columns.T, strict=True)),
        *((name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")),
    ]
    start = 128 + 4 + 12 * len(contents)
    table, tail = struct.pack(">I", len(contents)), b""
    for name, content in contents:
        table += name + struct.pack(">II", start + len(tail), len(content))
        tail += content
    header = (
        struct.pack(">I4xI", start + len(tail), 0x02400000)
        + b"mntrRGB XYZ "
        + bytes(12)
        + b"acsp"
        + bytes(28)
        + _xyz(_D50)[8:]
    ).ljust(128, b"\0")
    return header + table + tail


def _xyz(point: npt.NDArray[np.float64]) -> bytes:
    return b"XYZ " + struct.pack(">4x3i", *(round(float(value) * 65_536) for value in point))
