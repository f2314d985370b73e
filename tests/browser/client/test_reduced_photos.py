"""What the client sends gets the answer that the API gives to the file itself."""

import base64
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.classifier import Classifier, Score
from server.classifier.formats import SUPPORTED_FORMATS
from server.classifier.image_file import ImageLimits
from server.classifier.loading import load_exported
from server.classifier.preprocessing import decode
from tests.browser.client.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.live]

REDUCE = """async ([text, type, formats]) => {
  const { preparePhoto } = await import(new URL("browser/reduce-photo.js", document.baseURI));
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const reduced = await preparePhoto(new Blob([bytes], { type }), { formats });
  const address = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(reduced);
  });
  return address.split(",")[1];
}"""
SIZES = [
    *((400, 26_000), (25_600, 340), (8_000, 1_000), (720, 24_000), (4_032, 3_024)),
    *((1_600, 1_200), (1_000, 1_000), (300, 200)),
]
MAX_DIFFERENCE = 0.03


@pytest.fixture(scope="module")
def classifier(model_directory: Path) -> Classifier:
    return load_exported(EFFICIENTNET_LITE0, Path(settings.MODEL_DIRECTORY))


def answer(classifier: Classifier, image_bytes: bytes) -> Score:
    # Of any length: the larger BMPs are not sent as they are.
    image = decode(image_bytes, EFFICIENTNET_LITE0, ImageLimits(max_bytes=2**30))
    return classifier.classify(image.pixels).top(1)[0]


def picture(cat: bytes, size: tuple[int, int], format_name: str) -> bytes:
    """The cat in the middle of a strip of grey, as large as fits."""
    with Image.open(io.BytesIO(cat)) as image:
        side = min(size)
        middle = image.convert("RGB").resize((side * image.width // image.height, side))
    strip = Image.new("RGB", size, "grey")
    strip.paste(middle, ((size[0] - middle.width) // 2, (size[1] - middle.height) // 2))
    file = io.BytesIO()
    strip.save(file, format_name, **({"speed": 9} if format_name == "AVIF" else {}))
    return file.getvalue()


@pytest.fixture
def reduce(visit: Visit) -> Callable[[bytes, str], bytes]:
    page = visit().open()

    def reduced(image_bytes: bytes, format_name: str) -> bytes:
        text = base64.b64encode(image_bytes).decode()
        kind = f"image/{format_name.lower()}"
        return base64.b64decode(page.evaluate(REDUCE, [text, kind, list(SUPPORTED_FORMATS)]))

    return reduced


@pytest.mark.parametrize(
    ("size", "format_name"),
    [
        *((size, "JPEG") for size in SIZES),
        *(((3_000, 1_400), name) for name in ("PNG", "WEBP", "GIF", "AVIF", "BMP")),
    ],
    ids=str,
)
def test_the_answer_is_that_of_the_file_itself(
    reduce: Callable[[bytes, str], bytes],
    classifier: Classifier,
    cat: bytes,
    size: tuple[int, int],
    format_name: str,
) -> None:
    whole = picture(cat, size, format_name)
    sent = reduce(whole, format_name)

    assert len(sent) <= 3_000_000
    ours, theirs = answer(classifier, sent), answer(classifier, whole)
    assert ours.label == theirs.label
    assert abs(ours.probability - theirs.probability) < MAX_DIFFERENCE


def test_a_small_file_of_many_pixels_is_reduced(reduce: Callable[[bytes, str], bytes]) -> None:
    file = io.BytesIO()
    Image.new("RGB", (4_000, 3_000), "olive").save(file, "WEBP", quality=1)

    with Image.open(io.BytesIO(reduce(file.getvalue(), "WEBP"))) as sent:
        assert (sent.format, min(sent.size)) == ("JPEG", 640)


def test_a_drawing_that_the_api_does_not_read_is_sent_as_a_photo(
    reduce: Callable[[bytes, str], bytes],
) -> None:
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg' width='300' height='200'><rect/></svg>"

    with Image.open(io.BytesIO(reduce(drawing, "svg+xml"))) as sent:
        assert (sent.format, sent.size) == ("JPEG", (300, 200))
