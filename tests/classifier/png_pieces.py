"""PNGs of every kind, put together chunk by chunk."""

import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
BANDS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(name: bytes, content: bytes, *, checksum: int | None = None) -> bytes:
    if checksum is None:
        checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def png(
    samples: np.ndarray, kind: int, depth: int, before: bytes = b"", end: bytes | None = None
) -> bytes:
    """A PNG of `samples` (H, W, bands) of `depth` bits each; `before` comes before the pixels."""
    height, width, _bands = samples.shape
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    if depth == 16:
        rows = [row.astype(">u2").tobytes() for row in samples]
    elif depth == 8:
        rows = [row.astype(np.uint8).tobytes() for row in samples]
    else:
        bits = np.unpackbits(samples.astype(np.uint8), axis=2)[:, :, -depth:]
        rows = [np.packbits(row).tobytes() for row in bits.reshape(height, -1)]
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    ending = chunk(b"IEND", b"") if end is None else end
    return SIGNATURE + chunk(b"IHDR", header) + before + chunk(b"IDAT", pixels) + ending


def with_chunks(whole: bytes, added: bytes) -> bytes:
    """The PNG `whole` with chunks added behind its header."""
    behind_header = len(SIGNATURE) + 25
    return whole[:behind_header] + added + whole[behind_header:]


def profile_chunk(profile: bytes) -> bytes:
    return chunk(b"iCCP", b"a profile\0\0" + zlib.compress(profile))
