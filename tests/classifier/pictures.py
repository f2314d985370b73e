"""Small pictures made on the spot, lawful ones and hostile ones."""

import io

from PIL import Image


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
