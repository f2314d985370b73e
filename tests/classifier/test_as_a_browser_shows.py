"""What is classified is what a browser shows, of every kind of file that people have."""

import base64
import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.image_file import ImageLimits
from server.classifier.preprocessing import decode
from tests.classifier.colour_profiles import DISPLAY_P3, LINEAR_GREY, RED_FOR_BLUE
from tests.classifier.reference_preprocessing import reference_pixels
from tests.classifier.table_of_pictures import (
    XMP,
    encoded,
    orientation,
    table_of_pictures,
    with_alpha,
)
from tests.support.chromium import running_chromium

MAX_MEAN_DIFFERENCE = 2  # of 255, of a channel
SHOW = """async (pictures) => {
  const shown = {};
  for (const [name, base64] of Object.entries(pictures)) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([bytes]));
    try {
      await image.decode();
    } catch {
      continue;
    }
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0);
    shown[name] = canvas.toDataURL("image/png").split(",")[1];
    URL.revokeObjectURL(image.src);
  }
  return shown;
}"""


@pytest.fixture(scope="module")
def small_photo(photo: Callable[[str], bytes]) -> Image.Image:
    with Image.open(io.BytesIO(photo("coffee.png"))) as image:
        return image.convert("RGB").resize((96, 64))


@pytest.mark.browser
def test_every_picture_is_seen_as_chromium_shows_it(small_photo: Image.Image) -> None:
    pictures = table_of_pictures(small_photo)
    with running_chromium() as chromium:
        page = chromium.new_page()
        asked = {name: base64.b64encode(file).decode() for name, file in pictures.items()}
        shown = page.evaluate(SHOW, asked)

    assert set(shown) == set(pictures)
    differences = {
        name: difference(seen(pictures[name]), reference_pixels(base64.b64decode(shown[name])))
        for name in pictures
    }
    assert {name: found for name, found in differences.items() if found > MAX_MEAN_DIFFERENCE} == {}


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}], ids=str)
@pytest.mark.parametrize("missing", [1, 2])
def test_a_jpeg_without_its_end_is_seen_whole(
    photo: Callable[[str], bytes], options: dict[str, object], missing: int
) -> None:
    # Chromium leaves the last rows out, though all of their pixels are there.
    with Image.open(io.BytesIO(photo("coffee.png"))) as image:
        whole = encoded(image.convert("RGB"), "JPEG", **options)
    assert (seen(whole[:-missing]) == seen(whole)).all()


@pytest.mark.parametrize(
    ("mode", "profile"),
    [
        *((mode, None) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
        ("RGB", DISPLAY_P3),
        ("RGBA", RED_FOR_BLUE),
        ("L", LINEAR_GREY),
    ],
)
def test_a_tiff_is_seen_as_the_same_png(
    small_photo: Image.Image, mode: str, profile: bytes | None
) -> None:
    # No browser shows TIFF, nor do most show HEIC.
    grey = np.asarray(small_photo.convert("L")).astype(np.uint16)
    image = {"RGBA": with_alpha(small_photo), "I;16": Image.fromarray(grey * 257)}.get(mode)
    image = image or small_photo.convert(mode)
    icc = {"icc_profile": profile} if profile else {}
    expected = seen(encoded(image, "PNG", **icc))
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        found = seen(encoded(image, "TIFF", compression=compression, **icc))
        assert difference(found, expected) == 0


@pytest.mark.parametrize("profile", [None, DISPLAY_P3, RED_FOR_BLUE])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("format_name", ["HEIF", "AVIF"])
def test_a_heic_and_an_avif_are_seen_as_the_same_png(
    small_photo: Image.Image, format_name: str, mode: str, profile: bytes | None
) -> None:
    # Chromium takes the alpha of an AVIF for one of less range, and is further from the PNG.
    image = with_alpha(small_photo) if mode == "RGBA" else small_photo.convert(mode)
    icc = {"icc_profile": profile} if profile and mode != "L" else {}
    fine = {"chroma": 444} if format_name == "HEIF" else {"subsampling": "4:4:4"}
    found = seen(encoded(image, format_name, quality=95, **fine, **icc))
    assert difference(found, seen(encoded(image, "PNG", **icc))) < MAX_MEAN_DIFFERENCE


@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize("format_name", ["HEIF", "TIFF"])
def test_a_tiff_and_a_heic_are_turned_upright(
    small_photo: Image.Image, format_name: str, value: int
) -> None:
    # A HEIC tells it twice, as a phone's does: as a property of the picture, which counts, and in
    # EXIF, which must not turn it again.
    lossless = {"quality": -1, "chroma": 444} if format_name == "HEIF" else {}
    turned = encoded(small_photo, format_name, exif=orientation(value).tobytes(), **lossless)
    expected = seen(encoded(small_photo, "PNG", exif=orientation(value)))
    assert difference(seen(turned), expected) < MAX_MEAN_DIFFERENCE
    swapped = decode(turned, EFFICIENTNET_LITE0, ImageLimits())
    assert (swapped.width, swapped.height) == ((96, 64) if value < 5 else (64, 96))


def test_of_an_avif_of_frames_the_first_is_seen(small_photo: Image.Image) -> None:
    frames = {"save_all": True, "append_images": [small_photo.rotate(180)] * 2}
    fine = {"quality": 95, "subsampling": "4:4:4"}
    found = seen(encoded(small_photo, "AVIF", **fine, **frames))
    assert difference(found, seen(encoded(small_photo, "PNG"))) < MAX_MEAN_DIFFERENCE


def test_a_tiff_is_not_turned_by_its_xmp(small_photo: Image.Image) -> None:
    xmp = TiffImagePlugin.ImageFileDirectory_v2()
    xmp[700] = XMP
    turned = encoded(small_photo, "TIFF", tiffinfo=xmp)
    assert XMP in turned
    assert (seen(turned) == seen(encoded(small_photo, "PNG"))).all()


def test_a_webp_is_turned_upright(photo: Callable[[str], bytes]) -> None:
    # As Safari, Firefox and the galleries of phones do; Chromium does not.
    with Image.open(io.BytesIO(photo("coffee.png"))) as image:
        plain = encoded(image, "WEBP", lossless=True)
        turned = encoded(image, "WEBP", lossless=True, exif=orientation(6))
    assert (seen(turned) == np.rot90(seen(plain), -1)).all()


def seen(image_bytes: bytes) -> np.ndarray:
    return decode(image_bytes, EFFICIENTNET_LITE0, ImageLimits()).pixels


def difference(found: np.ndarray, expected: np.ndarray) -> float:
    """Return the mean absolute difference of the channel that differs most, 0 to 255."""
    return float(np.abs(found.astype(float) - expected).mean(axis=(0, 1)).max().round(2))
