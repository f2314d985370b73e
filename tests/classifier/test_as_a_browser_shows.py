"""What is classified is what a browser shows, of every kind of file that people have."""

import base64
import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.image_file import ImageLimits
from server.classifier.preprocessing import decode
from tests.classifier.reference_preprocessing import reference_pixels
from tests.classifier.table_of_pictures import encoded, orientation, table_of_pictures
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
def pictures(photo: Callable[[str], bytes]) -> dict[str, bytes]:
    with Image.open(io.BytesIO(photo("coffee.png"))) as image:
        return table_of_pictures(image.convert("RGB").resize((96, 64)))


@pytest.mark.browser
def test_every_picture_is_seen_as_chromium_shows_it(pictures: dict[str, bytes]) -> None:
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
