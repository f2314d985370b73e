"""The pictures that are sent: real photos of about 100 KB, and the largest the limits allow."""

import io
from functools import cache

import numpy as np
import pillow_heif
from PIL import Image

from server.classifier.image_file import MAX_COEFFICIENTS, ImageLimits, load_heic
from server.classifier.packaged_file import packaged_file

# The photos of scikit-image (its pictures of faces and of the sky are left out: not what a
# classifier of objects is sent).
SHARES_OF_NOISE = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
SHARES_OF_NOISE_BY_FORMAT = {"HEIF": (0.05,)}  # its encoder takes many seconds for each
HEIC_OPTIONS = {"quality": 20, "chroma": 444, "enc_params": {"preset": "ultrafast"}}
ROWS_PER_STRIP = 278  # of TIFF
FILE_NAMES = ("chelsea.png", "coffee.png", "rocket.jpg")

load_heic()  # which has Pillow write the format as well


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
    return _filled(MAX_COEFFICIENTS // 3, "RGB", "JPEG", limits, **options)


def largest_webp(limits: ImageLimits) -> bytes:
    """Return a WebP with transparency, the form that needs most memory."""
    return _filled(
        limits.max_webp_pixels, "RGBA", "WEBP", limits, quality=5, method=0, alpha_quality=0
    )


def largest_progressive_jpeg_of_inks(limits: ImageLimits) -> bytes:
    """Return one with the coefficients of four components."""
    options = {"progressive": True, "quality": 50, "subsampling": 0}
    return _filled(MAX_COEFFICIENTS // 4, "CMYK", "JPEG", limits, **options)


def largest_avif(limits: ImageLimits) -> bytes:
    """Return an AVIF with transparency, a picture of its own in the file."""
    options = {"quality": 40, "speed": 10, "subsampling": "4:4:4"}
    return _filled(limits.max_avif_pixels, "RGBA", "AVIF", limits, **options)


def largest_heic(limits: ImageLimits) -> bytes:
    """Return a HEIC of 10 bits, as phones make them, which are two bytes when decoded."""
    return _filled(limits.max_heic_pixels, "RGB;16", "HEIF", limits, **HEIC_OPTIONS)


def largest_translucent_heic(limits: ImageLimits) -> bytes:
    """Return the like with transparency, for which the limit is lower."""
    return _filled(limits.max_webp_pixels, "RGBA;16", "HEIF", limits, **HEIC_OPTIONS)


def largest_bmp(limits: ImageLimits) -> bytes:
    """Return a BMP of black and white: only these can have as many pixels as are allowed."""
    side = int(limits.max_pixels**0.5)
    noise = np.random.default_rng(0).integers(0, 2, (side, side), np.uint8).astype(bool)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "BMP")
    return file.getvalue()


def largest_tiff(limits: ImageLimits) -> bytes:
    """Return a TIFF of inks, which become colours, in one strip, which is held beside them."""
    options = {"compression": "tiff_lzw", "tiffinfo": {ROWS_PER_STRIP: limits.max_tiff_pixels}}
    return _filled(limits.max_tiff_pixels, "CMYK", "TIFF", limits, **options)


def _filled(
    pixels: int, mode: str, format_name: str, limits: ImageLimits, **options: object
) -> bytes:
    """Return a picture of so many pixels that also weighs what it may, nearly: part of it noise."""
    side = int(pixels**0.5)
    bands, sample = mode.partition(";")[0], np.uint16 if mode.endswith(";16") else np.uint8
    most = int(np.iinfo(sample).max)
    picture = np.empty((side, side, len(bands)), sample)
    picture[:] = np.linspace(0, most, side, dtype=sample)[:, np.newaxis, np.newaxis]
    noise = np.random.default_rng(0).integers(0, most, picture.shape, sample)
    encoded = b""
    for share in SHARES_OF_NOISE_BY_FORMAT.get(format_name, SHARES_OF_NOISE):
        picture[: int(side * share)] = noise[: int(side * share)]
        file = io.BytesIO()
        if sample is np.uint16:
            heic = pillow_heif.from_bytes(mode, (side, side), picture.tobytes())
            heic.save(file, **options)
        else:
            Image.fromarray(picture, mode).save(file, format_name, **options)
        if len(file.getvalue()) > limits.max_bytes:
            break
        encoded = file.getvalue()
    return encoded
