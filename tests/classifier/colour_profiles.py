"""Colour profiles as files carry them, from published numbers."""

import struct

import numpy as np

D50 = (0.9642, 1.0, 0.8249)
SRGB_COLUMNS = (
    (0.43607, 0.22249, 0.01392),
    (0.38515, 0.71687, 0.09708),
    (0.14307, 0.06061, 0.7141),
)
P3_COLUMNS = ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))
ADOBE_COLUMNS = (
    (0.60974, 0.31111, 0.01947),
    (0.20528, 0.62567, 0.06087),
    (0.14919, 0.06322, 0.74457),
)
PROPHOTO_COLUMNS = ((0.79767, 0.28804, 0.0), (0.13519, 0.71188, 0.0), (0.03134, 0.00009, 0.82491))
CLUT_SIDE = 5


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    start = 128 + 4 + 12 * len(tags)
    table, tail = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += name + struct.pack(">II", start + len(tail), len(content))
        tail += content + bytes(-len(content) % 4)
    header = struct.pack(">I4xI", start + len(tail), 0x02400000) + kind + space + connection
    header = (header + bytes(12) + b"acsp" + bytes(28) + _xyz(D50)[8:]).ljust(128, b"\0")
    return header + table + tail


def _xyz(point: tuple[float, ...]) -> bytes:
    return b"XYZ " + struct.pack(">4x3i", *(round(value * 65_536) for value in point))


def _curve(levels: np.ndarray) -> bytes:
    rounded = np.round(levels * 65_535).astype(">u2")
    return b"curv" + struct.pack(">4xI", len(rounded)) + rounded.tobytes()


def _power(exponent: float) -> np.ndarray:
    return np.linspace(0, 1, 1024) ** exponent


def _srgb_to_linear(levels: np.ndarray) -> np.ndarray:
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def _coloured(columns: tuple[tuple[float, ...], ...], levels: np.ndarray) -> bytes:
    names = (b"rXYZ", b"gXYZ", b"bXYZ")
    primaries = {name: _xyz(column) for name, column in zip(names, columns, strict=True)}
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve(levels))
    return _profile(b"mntr", b"RGB ", b"XYZ ", {b"wtpt": _xyz(D50), **primaries, **curves})


def _grey(exponent: float) -> bytes:
    tags = {b"wtpt": _xyz(D50), b"kTRC": _curve(_power(exponent))}
    return _profile(b"mntr", b"GRAY", b"XYZ ", tags)


def _inks() -> bytes:
    """A press whose inks are not pure: no conversion by rule of thumb is right for it."""
    levels = np.linspace(0, 1, CLUT_SIDE)
    cyan, magenta, yellow, black = np.meshgrid(levels, levels, levels, levels, indexing="ij")
    paper = np.stack(
        [
            (1 - 0.95 * cyan) * (1 - 0.1 * magenta),
            (1 - 0.35 * cyan) * (1 - 0.9 * magenta) * (1 - 0.1 * yellow),
            (1 - 0.1 * cyan) * (1 - 0.35 * magenta) * (1 - 0.85 * yellow),
        ],
        axis=-1,
    ) * (1 - 0.93 * black[..., np.newaxis])
    xyz = _srgb_to_linear(paper) @ np.array(SRGB_COLUMNS)
    ratio = xyz / np.array(D50)
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    lightness = 116 * root[..., 1] - 16
    green_red, blue_yellow = (
        500 * (root[..., 0] - root[..., 1]),
        200 * (root[..., 1] - root[..., 2]),
    )
    table = np.stack([lightness * 2.55, green_red + 128, blue_yellow + 128], axis=-1)
    same = bytes(range(256))
    lut = b"mft1" + struct.pack(
        ">4x4B9i", 4, 3, CLUT_SIDE, 0, 65_536, 0, 0, 0, 65_536, 0, 0, 0, 65_536
    )
    lut += same * 4 + np.clip(np.round(table), 0, 255).astype(np.uint8).tobytes() + same * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"wtpt": _xyz(D50), b"A2B0": lut})


SRGB = _coloured(SRGB_COLUMNS, _srgb_to_linear(np.linspace(0, 1, 1024)))
DISPLAY_P3 = _coloured(P3_COLUMNS, _srgb_to_linear(np.linspace(0, 1, 1024)))
ADOBE_RGB = _coloured(ADOBE_COLUMNS, _power(2.2))
PROPHOTO_RGB = _coloured(PROPHOTO_COLUMNS, _power(1.8))
RED_FOR_BLUE = _coloured(SRGB_COLUMNS[::-1], _srgb_to_linear(np.linspace(0, 1, 1024)))
LINEAR_GREY = _grey(1.0)
DARK_GREY = _grey(3.0)
INKS = _inks()

COLOURED = {
    "srgb": SRGB,
    "display p3": DISPLAY_P3,
    "adobe rgb": ADOBE_RGB,
    "prophoto": PROPHOTO_RGB,
    "red for blue": RED_FOR_BLUE,
}
GREY = {"linear grey": LINEAR_GREY, "dark grey": DARK_GREY}
