"""Hostile and odd files: whatever comes in, an ``ImageError`` or a picture comes out."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from server.classifier import image_file
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.errors import (
    ImageEmpty,
    ImageError,
    ImageTooLarge,
    ImageTooSmall,
    ImageUnreadable,
)
from server.classifier.image_file import (
    MAX_PIXELS,
    MAX_RUN_LENGTH_BYTES,
    ImageLimits,
    open_image,
)
from server.classifier.preprocessing import DecodedImage, decode
from tests.classifier.pictures import FORMATS, SIGNATURES, encoded, with_scans


def decoded(image_bytes: bytes, limits: ImageLimits | None = None) -> DecodedImage:
    return decode(image_bytes, EFFICIENTNET_LITE0, limits or ImageLimits())


def png_chunk(name: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def png_header(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header)


def test_no_bytes_are_an_empty_image() -> None:
    with pytest.raises(ImageEmpty):
        decoded(b"")


def test_too_many_bytes_are_refused_with_both_numbers() -> None:
    image_bytes = encoded("PNG")
    with pytest.raises(ImageTooLarge) as raised:
        decoded(image_bytes, ImageLimits(max_bytes=len(image_bytes) - 1))
    assert (raised.value.unit, raised.value.limit, raised.value.found) == (
        "bytes",
        len(image_bytes) - 1,
        len(image_bytes),
    )
    decoded(image_bytes, ImageLimits(max_bytes=len(image_bytes)))


@pytest.mark.parametrize("format_name", FORMATS)
def test_too_many_pixels_are_refused_with_both_numbers(format_name: str) -> None:
    image_bytes = encoded(format_name)
    with pytest.raises(ImageTooLarge) as raised:
        decoded(image_bytes, ImageLimits(max_pixels=64 * 48 - 1))
    assert (raised.value.unit, raised.value.limit, raised.value.found) == (
        "pixels",
        64 * 48 - 1,
        64 * 48,
    )
    decoded(image_bytes, ImageLimits(max_pixels=64 * 48))


def test_webp_has_a_pixel_limit_of_its_own() -> None:
    limits = ImageLimits(max_webp_pixels=64 * 48 - 1)
    assert decoded(encoded("PNG"), limits).format == "PNG"
    with pytest.raises(ImageTooLarge) as raised:
        decoded(encoded("WEBP"), limits)
    assert raised.value.limit == 64 * 48 - 1


@pytest.mark.parametrize("format_name", ["HEIC", "TIFF"])
def test_formats_that_take_more_memory_have_limits_of_their_own(format_name: str) -> None:
    limits = ImageLimits()
    assert limits.pixels_allowed(format_name) == MAX_PIXELS // 2
    assert limits.pixels_allowed("PNG") == MAX_PIXELS
    own = ImageLimits(max_heic_pixels=64 * 48 - 1, max_tiff_pixels=64 * 48 - 1)
    with pytest.raises(ImageTooLarge) as raised:
        decoded(encoded(format_name), own)
    assert raised.value.limit == 64 * 48 - 1


def test_a_translucent_heic_takes_more_memory_and_may_have_fewer_pixels() -> None:
    translucent = Image.new("RGBA", (64, 48), (0, 0, 0, 90))
    file = io.BytesIO()
    translucent.save(file, "HEIF")
    limits = ImageLimits(max_webp_pixels=64 * 48 - 1)
    assert decoded(encoded("HEIC"), limits).format == "HEIC"
    with pytest.raises(ImageTooLarge):
        decoded(file.getvalue(), limits)


def test_a_heic_whose_picture_is_larger_than_it_says_is_refused() -> None:
    # The decoder is told the size of the header as its limit, so that nothing is allocated.
    whole = encoded("HEIC", (640, 480))
    size = whole.index(b"ispe") + 8
    small = whole[:size] + (64).to_bytes(4, "big") * 2 + whole[size + 8 :]
    with pytest.raises(ImageUnreadable) as raised:
        decoded(small)
    assert "maximum image size" in str(raised.value.__cause__)


def test_a_bmp_of_runs_is_bounded_by_its_bytes() -> None:
    # Of 8 bits a pixel, in runs (compression 1): an escape, and the end.
    header = struct.pack("<IiiHHIIiiII", 40, 64, 64, 1, 8, 1, 0, 0, 0, 2, 0)
    start = 14 + len(header) + 8
    head = b"BM" + struct.pack("<IHHI", 0, 0, 0, start) + header + bytes(4) + b"\xff" * 4
    rows = (b"\x40\x01\x00\x00" * 64) + b"\x00\x01"
    assert decoded(head + rows).pixels.min() == 255
    with pytest.raises(ImageTooLarge) as raised:
        decoded(head + rows + bytes(MAX_RUN_LENGTH_BYTES))
    assert (raised.value.unit, raised.value.limit) == ("bytes", MAX_RUN_LENGTH_BYTES)


@pytest.mark.parametrize(
    ("mode", "subsampling", "allowed"),
    [("RGB", 0, 3), ("RGB", 2, 1.5), ("CMYK", 0, 4), ("L", 0, 1)],
)
def test_of_a_progressive_jpeg_the_coefficients_are_counted(
    mode: str, subsampling: int, allowed: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def saved(*, progressive: bool) -> bytes:
        file = io.BytesIO()
        picture = Image.linear_gradient("L").resize((64, 48)).convert(mode)
        picture.save(file, "JPEG", progressive=progressive, subsampling=subsampling)
        return file.getvalue()

    coefficients = int(64 * 48 * allowed)
    monkeypatch.setattr(image_file, "MAX_COEFFICIENTS", coefficients)
    decoded(saved(progressive=True))
    monkeypatch.setattr(image_file, "MAX_COEFFICIENTS", coefficients - 1)
    decoded(saved(progressive=False))
    with pytest.raises(ImageTooLarge) as raised:
        decoded(saved(progressive=True))
    assert (raised.value.limit, raised.value.found) == (64 * 48 - 1, 64 * 48)


def test_limits_beyond_what_pillow_was_told_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="at most 25000000"):
        ImageLimits(max_pixels=MAX_PIXELS + 1)


@pytest.mark.parametrize(
    ("width", "height"), [(1, 1), (20_000, 1), (1, 20_000), (15, 300), (300, 15)]
)
def test_a_side_that_is_too_short_is_refused(width: int, height: int) -> None:
    with pytest.raises(ImageTooSmall) as raised:
        decoded(encoded("PNG", (width, height)))
    assert (raised.value.width, raised.value.height) == (width, height)
    assert raised.value.min_side_pixels == 16


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(("width", "height"), [(16, 16), (16_000, 16), (16, 16_000)])
def test_the_shortest_and_the_narrowest_allowed_are_decoded(
    format_name: str, width: int, height: int
) -> None:
    if format_name == "HEIC":  # its encoder knows no longer sides
        width, height = min(width, 4_000), min(height, 4_000)
    picture = decoded(encoded(format_name, (width, height)))
    assert picture.pixels.shape == (224, 224, 3)
    assert (picture.width, picture.height, picture.format) == (width, height, format_name)


@pytest.mark.parametrize(
    ("width", "height"),
    [(50_000, 50_000), (2**31 - 1, 2**31 - 1), (5001, 5000), (8000, 5000), (9000, 9000)],
)
def test_a_bomb_in_a_png_header_is_refused_before_decoding(width: int, height: int) -> None:
    bomb = png_header(width, height) + png_chunk(b"IDAT", zlib.compress(bytes(1000)))
    with pytest.raises(ImageTooLarge) as raised:
        decoded(bomb)
    assert (raised.value.limit, raised.value.found) == (MAX_PIXELS, width * height)


def test_a_gif_whose_frame_is_larger_than_its_screen_is_refused() -> None:
    # Disposal method 2 makes Pillow paint the frame's area as soon as the file is opened.
    control = b"\x21\xf9\x04" + bytes([2 << 2]) + b"\x00\x00\x00\x00"
    frame = b"," + struct.pack("<HHHHB", 0, 0, 65_535, 65_535, 0) + b"\x02\x02\x4c\x01\x00"
    bomb = b"GIF89a" + struct.pack("<HHBBB", 16, 16, 0x80, 0, 0) + bytes(6) + control + frame + b";"
    with pytest.raises(ImageTooLarge) as raised:
        decoded(bomb)
    assert raised.value.found == 65_535**2


def test_a_webp_canvas_that_is_too_large_is_refused() -> None:
    side = (16_384 - 1).to_bytes(3, "little")
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + side + side
    bomb = b"RIFF" + struct.pack("<I", 4 + len(canvas)) + b"WEBP" + canvas
    with pytest.raises(ImageTooLarge) as raised:
        decoded(bomb)
    assert raised.value.found == 16_384**2


def test_a_jpeg_with_thousands_of_scans_is_refused() -> None:
    with pytest.raises(ImageUnreadable):
        decoded(with_scans(5000))


@pytest.mark.parametrize(
    ("format_name", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("GIF", {}),
        ("AVIF", {}),
        ("HEIC", {}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "jpeg"}),
    ],
)
def test_a_picture_cut_off_anywhere_is_an_image_error(
    format_name: str, options: dict[str, object]
) -> None:
    whole = encoded(format_name, **options)
    cuts = {*range(64), *range(64, len(whole) * 9 // 10, max(1, len(whole) // 150))}
    for cut in sorted(cuts):
        with pytest.raises(ImageError):
            decoded(whole[:cut])


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "GIF"])  # zeros are lawful WebP coding
def test_zeros_after_the_header_are_an_image_error(format_name: str) -> None:
    whole = encoded(format_name)
    for kept in (3, 8, 16, 30, 60):
        with pytest.raises(ImageError):
            decoded(whole[:kept] + bytes(len(whole)))


@settings(max_examples=300, deadline=None)
@given(signature=st.sampled_from((b"", *SIGNATURES)), body=st.binary(max_size=400))
def test_random_bytes_raise_nothing_but_image_errors(signature: bytes, body: bytes) -> None:
    with pytest.raises(ImageError):
        decoded(signature + body)


WHOLE = {format_name: encoded(format_name) for format_name in FORMATS}


@settings(max_examples=400, deadline=None)
@given(
    format_name=st.sampled_from(FORMATS),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_a_picture_with_changed_bytes_raises_nothing_but_image_errors(
    format_name: str, changes: list[tuple[float, int]]
) -> None:
    damaged = bytearray(WHOLE[format_name])
    for place, value in changes:
        damaged[int(place * (len(damaged) - 1))] = value
    try:
        picture = decoded(bytes(damaged))
    except ImageError:
        return
    assert picture.pixels.shape == (224, 224, 3)


def test_the_original_error_is_kept_as_the_cause() -> None:
    with pytest.raises(ImageUnreadable) as raised:
        decoded(encoded("PNG")[:200])
    assert raised.value.format_name == "PNG"
    assert isinstance(raised.value.__cause__, OSError)


def test_running_out_of_memory_is_an_image_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(self: Image.Image) -> None:
        raise MemoryError

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", exhausted)
    with pytest.raises(ImageUnreadable) as raised:
        decoded(encoded("PNG"))
    assert isinstance(raised.value.__cause__, MemoryError)


def test_opening_reads_the_header_and_decodes_nothing() -> None:
    half = encoded("JPEG", (2000, 1000))[:2000]
    with open_image(half, ImageLimits()) as opened:
        assert (opened.width, opened.height) == (2000, 1000)
