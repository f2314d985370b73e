"""The pictures that are sent: real photos of about 100 KB, and the largest the limits allow."""

import io
from functools import cache

import numpy as np
from PIL import Image

from server.classifier.image_file import ImageLimits
from server.classifier.packaged_file import packaged_file

# The photos of scikit-image (its pictures of faces and of the sky are left out: not what a
# classifier of objects is sent).
FILE_NAMES = ("chelsea.png", "coffee.png", "rocket.jpg")


def photos_of_100_kb(count: int) -> list[bytes]:
    """Return `count` different JPEGs of about 100 KB, each a crop of a real photo."""
    return photos(count, width=800, height=600, max_bytes=100_000)


@cache
def photos(count: int, *, width: int, height: int, max_bytes: int) -> list[bytes]:
    """Return `count` different JPEGs of so many pixels and about so many bytes, of real photos."""
    generator = np.random.default_rng(0)
    encoded = []
    for index in range(count):
        name = FILE_NAMES[index % len(FILE_NAMES)]
        photo = Image.open(io.BytesIO(packaged_file("scikit-image", name).read_bytes()))
        right, bottom = photo.size
        left, top = (int(generator.integers(0, side // 8)) for side in photo.size)
        crop = photo.convert("RGB").crop((left, top, right - left, bottom - top))
        resized = crop.resize((width, height), Image.Resampling.BICUBIC)
        encoded.append(_jpeg_of(resized, generator, max_bytes))
    return encoded


def _jpeg_of(photo: Image.Image, generator: np.random.Generator, max_bytes: int) -> bytes:
    """Encode with a grain like a camera's, in the quality that comes closest to the size."""
    grain = generator.normal(0, 6, (*photo.size[::-1], 1))
    pixels = np.clip(np.asarray(photo) + grain, 0, 255).astype(np.uint8)
    encoded = b""
    for quality in range(95, 30, -5):
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=quality)
        encoded = file.getvalue()
        if len(encoded) <= max_bytes:
            break
    return encoded


def largest_png(limits: ImageLimits) -> bytes:
    """Return a PNG with transparency at both limits: 4 bytes a pixel when decoded."""
    return _filled(limits.max_pixels, "RGBA", "PNG", limits, compress_level=1)


def largest_progressive_jpeg(limits: ImageLimits) -> bytes:
    """Return a progressive JPEG: its decoder holds the coefficients of the whole picture."""
    options = {"progressive": True, "quality": 90, "subsampling": 0}
    return _filled(limits.max_pixels, "RGB", "JPEG", limits, **options)


def largest_webp(limits: ImageLimits) -> bytes:
    """Return a WebP with transparency, the form that needs most memory."""
    return _filled(
        limits.max_webp_pixels, "RGBA", "WEBP", limits, quality=5, method=0, alpha_quality=0
    )


def _filled(
    pixels: int, mode: str, format_name: str, limits: ImageLimits, **options: object
) -> bytes:
    """Return a picture of so many pixels that also weighs what it may, nearly: part of it noise."""
    side = int(pixels**0.5)
    picture = np.empty((side, side, len(mode)), np.uint8)
    picture[:] = np.linspace(0, 255, side, dtype=np.uint8)[:, np.newaxis, np.newaxis]
    noise = np.random.default_rng(0).integers(0, 256, picture.shape, np.uint8)
    encoded = b""
    for share in (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8):
        picture[: int(side * share)] = noise[: int(side * share)]
        file = io.BytesIO()
        Image.fromarray(picture).save(file, format_name, **options)
        if len(file.getvalue()) > limits.max_bytes:
            break
        encoded = file.getvalue()
    return encoded
