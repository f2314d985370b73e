"""Pictures that nobody would send by accident, made when they are needed."""

import io
import struct
import zlib

from PIL import Image


def encoded(image: Image.Image, format_name: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format_name, **options)
    return file.getvalue()


def plain(width: int, height: int, format_name: str = "PNG") -> bytes:
    return encoded(Image.new("RGB", (width, height), "olive"), format_name)


def png_that_claims(width: int, height: int) -> bytes:
    """A whole PNG of a few bytes whose header promises more pixels than it has."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(bytes(1000))),
            (b"IEND", b""),
        )
    )
