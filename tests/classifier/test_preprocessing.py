import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageOps

from server.classifier.agreement import PHOTOS
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.image_file import ImageLimits
from server.classifier.preprocessing import DecodedImage, decode
from tests.classifier.colour_profiles import INKS
from tests.classifier.reference_preprocessing import reference_pixels


def decoded(image_bytes: bytes) -> DecodedImage:
    return decode(image_bytes, EFFICIENTNET_LITE0, ImageLimits())


def encoded(image: Image.Image, format_name: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format_name, **options)
    return file.getvalue()


def difference(found: np.ndarray, expected: np.ndarray) -> float:
    """Return the mean absolute difference, in units of a pixel value (0 to 255)."""
    return float(np.abs(found.astype(float) - expected.astype(float)).mean())


@pytest.fixture(scope="session")
def chelsea(photo: Callable[[str], bytes]) -> Image.Image:
    with Image.open(io.BytesIO(photo("chelsea.png"))) as image:
        return image.convert("RGB")


@pytest.mark.parametrize("file_name", PHOTOS)
def test_pixels_equal_those_of_one_plain_resize(
    file_name: str, photo: Callable[[str], bytes]
) -> None:
    found = decoded(photo(file_name)).pixels
    assert found.dtype == np.uint8
    assert found.flags.writeable
    assert difference(found, reference_pixels(photo(file_name))) < 0.5


@pytest.mark.parametrize("factor", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("format_name", ["JPEG", "PNG"])
def test_a_large_picture_equals_one_plain_resize_too(
    chelsea: Image.Image, factor: int, format_name: str
) -> None:
    # Sides that no draft and no band divides evenly; JPEG decodes at 1/2 and 1/4, PNG in bands.
    size = (451 * factor + 3, 300 * factor + 1)
    image_bytes = encoded(chelsea.resize(size, Image.Resampling.BICUBIC), format_name)
    picture = decoded(image_bytes)
    assert (picture.width, picture.height) == size
    assert difference(picture.pixels, reference_pixels(image_bytes)) < 0.5


@pytest.mark.parametrize("size", [(3000, 40), (40, 3000), (17, 16), (224, 224), (256, 1000)])
def test_odd_shapes_equal_one_plain_resize_too(chelsea: Image.Image, size: tuple[int, int]) -> None:
    image_bytes = encoded(chelsea.resize(size))
    assert difference(decoded(image_bytes).pixels, reference_pixels(image_bytes)) < 0.5


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(
    chelsea: Image.Image, orientation: int, format_name: str
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    turned = encoded(chelsea, format_name, exif=exif)
    with Image.open(io.BytesIO(turned)) as image:
        upright = ImageOps.exif_transpose(image)

    picture = decoded(turned)
    assert (picture.width, picture.height) == upright.size
    assert difference(picture.pixels, reference_pixels(encoded(upright))) < 1.0


def test_the_orientation_survives_a_draft(chelsea: Image.Image) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    large = encoded(chelsea.resize((4510, 3000)), "JPEG", exif=exif)
    picture = decoded(large)
    assert (picture.width, picture.height) == (3000, 4510)
    assert difference(picture.pixels, reference_pixels(large)) < 1.0


@pytest.mark.filterwarnings("ignore:.*EXIF")  # Pillow's remark on it is only a remark when served
@pytest.mark.parametrize("exif", [b"Exif\x00\x00", b"Exif\x00\x00II*\x00\xff\xff\xff\xff", b"junk"])
def test_damaged_exif_does_not_spoil_a_good_picture(chelsea: Image.Image, exif: bytes) -> None:
    plain, damaged = encoded(chelsea, "JPEG"), encoded(chelsea, "JPEG", exif=exif)
    assert (decoded(damaged).pixels == decoded(plain).pixels).all()


@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_an_orientation_that_does_not_exist_is_upright(
    chelsea: Image.Image, orientation: int
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    picture = decoded(encoded(chelsea, "JPEG", exif=exif))
    assert (picture.pixels == decoded(encoded(chelsea, "JPEG")).pixels).all()


def test_opaque_alpha_changes_nothing(chelsea: Image.Image) -> None:
    expected = decoded(encoded(chelsea)).pixels
    assert (decoded(encoded(chelsea.convert("RGBA"))).pixels == expected).all()


def test_grey_becomes_three_equal_channels(chelsea: Image.Image) -> None:
    grey = chelsea.convert("L")
    expected = decoded(encoded(grey.convert("RGB"))).pixels
    for image_bytes in (encoded(grey), encoded(grey.convert("LA"))):
        assert (decoded(image_bytes).pixels == expected).all()
    assert (expected[..., 0] == expected[..., 2]).all()


def test_one_bit_is_black_and_white(chelsea: Image.Image) -> None:
    bits = chelsea.convert("1")
    expected = decoded(encoded(bits.convert("RGB"))).pixels
    assert (decoded(encoded(bits)).pixels == expected).all()
    assert expected.max() == 255
    assert expected.min() == 0


def test_a_palette_shows_its_colours(chelsea: Image.Image) -> None:
    palette = chelsea.quantize(256)
    expected = decoded(encoded(palette.convert("RGB"))).pixels
    assert (decoded(encoded(palette)).pixels == expected).all()
    assert difference(decoded(encoded(palette, "GIF")).pixels, expected) < 1.0


def test_sixteen_bit_grey_is_scaled_and_not_clipped() -> None:
    ramp = np.tile(np.linspace(0, 65_535, 256).astype(np.uint16), (256, 1))
    pixels = decoded(encoded(Image.fromarray(ramp))).pixels
    # The centre crop keeps columns 16 to 239 of 256.
    assert difference(pixels[0, :, 0], np.arange(16, 240)) < 1.0
    assert (pixels[..., 0] == pixels[..., 1]).all()


def test_cmyk_keeps_its_colours() -> None:
    inks = Image.new("CMYK", (64, 64), (0, 255, 255, 0))  # magenta and yellow: red
    red = decoded(encoded(inks, "JPEG", quality=95)).pixels.reshape(-1, 3).mean(axis=0)
    assert red[0] > 240
    assert red[1:].max() < 15


@pytest.mark.parametrize("factor", [1, 3, 7])
def test_inks_are_seen_as_colours_before_they_are_mixed_by_the_resize(
    chelsea: Image.Image, factor: int
) -> None:
    fine = Image.effect_noise(chelsea.size, 120)  # as feathers are: neighbours differ most
    large = Image.blend(chelsea, fine.convert("RGB"), 0.5).reduce(2)
    large = large.resize((225 * factor + 1, 150 * factor), Image.Resampling.NEAREST)
    printed = encoded(large.convert("CMYK"), "TIFF", compression="tiff_lzw", icc_profile=INKS)
    assert difference(decoded(printed).pixels, reference_pixels(printed)) < 0.5


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize(("alpha", "value"), [(0, 255), (255, 0), (128, 127)])
def test_transparency_lies_on_white(mode: str, alpha: int, value: int) -> None:
    colour = (0, alpha) if mode == "LA" else (0, 0, 0, alpha)
    pixels = decoded(encoded(Image.new(mode, (64, 64), colour))).pixels
    assert np.unique(pixels).tolist() == [value]


@pytest.mark.parametrize("format_name", ["PNG", "GIF"])
def test_a_transparent_palette_colour_lies_on_white(format_name: str) -> None:
    image = Image.new("P", (64, 64), 0)
    image.putpalette([0, 0, 0, 255, 0, 0])
    assert np.unique(decoded(encoded(image, format_name, transparency=0)).pixels).tolist() == [255]
    assert np.unique(decoded(encoded(image, format_name)).pixels).tolist() == [0]


def test_a_transparent_colour_of_a_plain_png_lies_on_white() -> None:
    image = Image.new("RGB", (64, 64), (1, 2, 3))
    assert np.unique(decoded(encoded(image, transparency=(1, 2, 3))).pixels).tolist() == [255]


@pytest.mark.parametrize("format_name", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_counts(format_name: str) -> None:
    first, second = (Image.new("RGB", (64, 64), colour) for colour in ("white", "black"))
    animation = encoded(
        first, format_name, save_all=True, append_images=[second, first], duration=100
    )
    assert decoded(animation).pixels.min() > 250


def test_a_phones_multi_picture_file_is_a_jpeg(chelsea: Image.Image) -> None:
    several = encoded(chelsea, "MPO", save_all=True, append_images=[Image.new("RGB", (64, 64))])
    picture = decoded(several)
    assert picture.format == "JPEG"
    assert difference(picture.pixels, decoded(encoded(chelsea, "JPEG")).pixels) < 1.0


@pytest.mark.parametrize(
    ("mode", "format_name", "size", "at_most_megabytes"),
    [
        ("RGBA", "PNG", (5000, 5000), 125),
        ("P", "GIF", (5000, 5000), 60),
        ("I;16", "PNG", (5000, 5000), 80),
        ("RGB", "PNG", (20_000, 16), 15),
        ("RGB", "JPEG", (5000, 5000), 15),
        ("RGB", "WEBP", (2880, 2880), 145),
        ("RGB", "TIFF", (3536, 3535), 60),
        ("RGBA", "AVIF", (2880, 2880), 170),
        # A quarter of what is allowed, for it takes long to encode.
        ("RGB", "HEIF", (1768, 1767), 50),
        ("RGBA", "HEIF", (1440, 1440), 50),
    ],
    ids=str,
)
def test_a_picture_at_the_limits_needs_little_more_memory_than_its_pixels(
    mode: str, format_name: str, size: tuple[int, int], at_most_megabytes: int, tmp_path: Path
) -> None:
    path = tmp_path / "picture"
    packed = {"compression": "tiff_lzw"} if format_name == "TIFF" else {}
    path.write_bytes(encoded(Image.new(mode, size), format_name, **packed))
    source = """
import sys
from pathlib import Path
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.image_file import ImageLimits
from server.classifier.preprocessing import decode

def peak_kilobytes():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

image_bytes = Path(sys.argv[1]).read_bytes()
before = peak_kilobytes()
decode(image_bytes, EFFICIENTNET_LITE0, ImageLimits())
print((peak_kilobytes() - before) / 1000)
"""
    finished = subprocess.run(
        [sys.executable, "-c", source, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert float(finished.stdout) < at_most_megabytes
