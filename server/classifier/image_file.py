"""The header of a picture: judged by its content and checked against the limits before decoding."""

from __future__ import annotations

import io
import re
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Self

# Importing a plugin registers its format; without, Pillow imports all forty to find WebP.
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,  # noqa: F401
    GifImagePlugin,  # noqa: F401
    Image,
    JpegImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)
from PIL.TiffImagePlugin import TiffImageFile

from server.classifier.avif_structure import code_points, largest_pixels, still
from server.classifier.code_points import code_point_profile, refuse_hdr
from server.classifier.errors import (
    ImageEmpty,
    ImageError,
    ImageTooLarge,
    ImageTooSmall,
    ImageUnreadable,
)
from server.classifier.formats import format_of
from server.classifier.jpeg_structure import both_endings, structure_of
from server.classifier.png_structure import PictureFacts, take_apart
from server.classifier.tiff_structure import refuse_what_is_no_bounded_picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from PIL.ImageFile import ImageFile

MAX_PIXELS = 25_000_000
# Two bytes each: with all of its colours a progressive JPEG may have 22 million pixels; with half
# as many, as nearly all have, it may have as many as any.
MAX_COEFFICIENTS = 66_000_000
# Pillow decodes them a run at a time, in Python: 1 MB takes it 0.3 s.
MAX_RUN_LENGTH_BYTES = 1024 * 1024
RUN_LENGTHS_OF_BMP = {1, 2}

# Pillow checks its own limit at places that ours can't reach, before a canvas is allocated.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
# How many threads is a variable of Pillow's, "until there is a way to pass parameters".
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


@dataclass(frozen=True, kw_only=True)
class ImageLimits:
    """What a picture may weigh and measure; ``max_pixels`` is at most ``MAX_PIXELS``.

    Decoding takes up to 8 bytes of memory a pixel, of some formats more: they have limits of their
    own. In 16 bytes of a WebP and 20 of an AVIF a picture of 3840×2160 has its place; in 16 of a
    HEIC and 12 of a TIFF one of 4032×3024, as phones make it, but not if the HEIC is translucent,
    which takes 21.
    """

    max_bytes: int = 10 * 1024 * 1024
    max_pixels: int = MAX_PIXELS
    max_webp_pixels: int = MAX_PIXELS // 3
    max_avif_pixels: int = MAX_PIXELS // 3
    max_heic_pixels: int = MAX_PIXELS // 2
    max_tiff_pixels: int = MAX_PIXELS // 2
    min_side_pixels: int = 16

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for more pixels than Pillow has been told to accept."""
        if self.max_pixels > MAX_PIXELS:
            raise ValueError(f"max_pixels must be at most {MAX_PIXELS}, got {self.max_pixels}")

    def pixels_allowed(self, format_name: str) -> int:
        """Return how many pixels a picture of ``format_name`` may have."""
        own_limits = {
            "WEBP": self.max_webp_pixels,
            "AVIF": self.max_avif_pixels,
            "HEIC": self.max_heic_pixels,
            "TIFF": self.max_tiff_pixels,
        }
        return min(self.max_pixels, own_limits.get(format_name, self.max_pixels))


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenedImage:
    """A picture whose header is read and checked; its pixels are not yet decoded.

    ``width`` and ``height`` are those of the whole picture, as it lies in the file; ``format`` is
    one of ``SUPPORTED_FORMATS``; ``file_bytes`` are those that came. Of a JPEG of several scans all
    ``coefficients`` are held at once. ``counterpart`` is there where the
    end of a JPEG is missing: it shows the same pixels if, and only if, none of them is.
    """

    image: ImageFile
    width: int
    height: int
    format: str
    file_bytes: bytes
    max_pixels: int
    coefficients: int = 0
    counterpart: ImageFile | None = None

    def __enter__(self) -> Self:
        """Return itself; the files are closed at the end."""
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the file and its pixels."""
        self.image.close()
        if self.counterpart is not None:
            self.counterpart.close()

    def errors(self) -> AbstractContextManager[None]:
        """Translate whatever Pillow raises inside into an ``ImageError``."""
        return image_errors(self.format, self.max_pixels)


def open_image(image_bytes: bytes, limits: ImageLimits) -> OpenedImage:
    """Return the picture with its header read and checked, its pixels not yet decoded.

    Raises an ``ImageError`` for a picture that is empty, too large, too small, of another format
    than ``SUPPORTED_FORMATS`` or damaged in the header.
    """
    if not image_bytes:
        raise ImageEmpty
    if len(image_bytes) > limits.max_bytes:
        raise ImageTooLarge("bytes", limit=limits.max_bytes, found=len(image_bytes))
    format_name = format_of(image_bytes)
    max_pixels = limits.pixels_allowed(format_name)
    with image_errors(format_name, max_pixels):
        opened = _open(image_bytes, format_name, max_pixels)
    width, height = opened.width, opened.height
    if format_name == "HEIC" and opened.image.has_transparency_data:
        max_pixels = min(max_pixels, limits.max_webp_pixels)
    elif opened.coefficients > MAX_COEFFICIENTS:
        max_pixels = min(max_pixels, width * height * MAX_COEFFICIENTS // opened.coefficients)
    try:
        if width * height > max_pixels:
            raise ImageTooLarge("pixels", limit=max_pixels, found=width * height)
        if min(width, height) < limits.min_side_pixels:
            raise ImageTooSmall(min_side_pixels=limits.min_side_pixels, width=width, height=height)
    except ImageError:
        opened.close()
        raise
    return opened


def _open(image_bytes: bytes, format_name: str, max_pixels: int) -> OpenedImage:
    file_bytes, counterpart, coefficients_per_pixel = image_bytes, None, 0.0
    facts: PictureFacts = {}
    if format_name == "JPEG":
        structure = structure_of(image_bytes)
        if structure.is_excessive:
            raise ImageUnreadable(format_name)
        coefficients_per_pixel = structure.coefficients_per_pixel
        if structure.has_all_scans and not structure.is_ended:
            file_bytes, otherwise_ended = both_endings(image_bytes)
            counterpart = _opened(otherwise_ended, format_name)
    elif format_name == "AVIF":
        file_bytes = still(image_bytes)
        if (found := largest_pixels(file_bytes)) > max_pixels:
            raise ImageTooLarge("pixels", limit=max_pixels, found=found)
    elif format_name == "PNG":
        file_bytes, facts = take_apart(image_bytes)
    image = _opened(file_bytes, format_name)
    image.info.update(facts)
    if format_name in {"AVIF", "HEIC"} and "icc_profile" not in image.info:
        _obey_code_points(image, file_bytes, format_name)
    if isinstance(image, TiffImageFile):
        refuse_what_is_no_bounded_picture(image, image_bytes, max_pixels)
        image.info.pop("xmp", None)  # an orientation in it is no reason to turn the picture
    is_of_runs = format_name == "BMP" and image.info.get("compression") in RUN_LENGTHS_OF_BMP
    if is_of_runs and len(image_bytes) > MAX_RUN_LENGTH_BYTES:
        raise ImageTooLarge("bytes", limit=MAX_RUN_LENGTH_BYTES, found=len(image_bytes))
    return OpenedImage(
        image=image,
        width=image.width,
        height=image.height,
        format=format_name,
        file_bytes=image_bytes,
        max_pixels=max_pixels,
        coefficients=int(image.width * image.height * coefficients_per_pixel),
        counterpart=counterpart,
    )


def _obey_code_points(image: ImageFile, file_bytes: bytes, format_name: str) -> None:
    """Give the picture a profile that says the same; raises ``ImageKindUnsupported`` for HDR."""
    if format_name == "AVIF":
        found = code_points(file_bytes)
    else:
        told = image.info.get("nclx_profile")
        found = told and (told["color_primaries"], told["transfer_characteristics"])
    if found:
        refuse_hdr(found[1], format_name)
        image.info["icc_profile"] = code_point_profile(*found, is_video=True)


@cache
def load_heic() -> None:
    """Have Pillow read HEIC; loading what does takes 25 ms, and the first photo may be another."""
    import pillow_heif

    # One thread, as everywhere in a worker; and nothing of a HEIC is read but its picture.
    pillow_heif.register_heif_opener(
        decode_threads=1, thumbnails=False, depth_images=False, aux_images=False
    )


def _opened(file_bytes: bytes, format_name: str) -> ImageFile:
    pillow_name = format_name
    if format_name == "HEIC":
        load_heic()
        pillow_name = "HEIF"
    return Image.open(io.BytesIO(file_bytes), formats=(pillow_name,))


@contextmanager
def image_errors(format_name: str, max_pixels: int) -> Iterator[None]:
    """Translate whatever Pillow raises inside into an ``ImageError``."""
    try:
        yield
    except ImageError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        # Pillow gives the number only within its sentence.
        found = re.search(r"\d+", str(error))
        pixels = int(found[0]) if found else MAX_PIXELS + 1
        raise ImageTooLarge("pixels", limit=max_pixels, found=pixels) from error
    except Exception as error:
        # A damaged file makes Pillow raise OSError, SyntaxError, ValueError, struct.error,
        # IndexError, EOFError, MemoryError ...: there is no shorter list.
        raise ImageUnreadable(format_name) from error
