"""Small pictures made on the spot, lawful ones and hostile ones."""

import io

from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIC", "BMP", "TIFF")
SIGNATURES = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\x20\x00\x00\x00WEBPVP8X",
    b"GIF89a",
    b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif",
    b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    b"BM\x00\x10\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00",
    b"II*\x00\x08\x00\x00\x00",
)


def encoded(format_name: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """Return a picture with some structure in it, as a file."""
    file = io.BytesIO()
    pillow_name = "HEIF" if format_name == "HEIC" else format_name
    Image.effect_mandelbrot(size, (-2, -1, 1, 1), 60).convert("RGB").save(
        file, pillow_name, **options
    )
    return file.getvalue()


def with_scans(count: int) -> bytes:
    """Return a progressive JPEG whose last scan is repeated until there are ``count``."""
    progressive = encoded("JPEG", progressive=True)
    last_scan = progressive[progressive.rfind(b"\xff\xda") : -2]
    missing = count - progressive.count(b"\xff\xda")
    return progressive[:-2] + last_scan * missing + b"\xff\xd9"
