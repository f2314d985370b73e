import io
from collections.abc import Callable

import numpy as np
from PIL import Image

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.classifier import Classifier
from server.classifier.crop import encode_crop
from server.classifier.image_file import ImageLimits
from server.classifier.preprocessing import decode


def test_a_crop_is_a_small_jpeg_that_looks_like_its_pixels(photo: Callable[[str], bytes]) -> None:
    pixels = decode(photo("chelsea.png"), EFFICIENTNET_LITE0, ImageLimits()).pixels
    encoded = encode_crop(pixels)

    assert len(encoded) < 20_000
    with Image.open(io.BytesIO(encoded)) as image:
        assert (image.format, image.size, image.mode) == ("JPEG", (224, 224), "RGB")
        error = np.asarray(image).astype(float) - pixels
    assert 10 * np.log10(255**2 / (error**2).mean()) > 33  # dB


def test_a_crop_carries_no_metadata(photo: Callable[[str], bytes]) -> None:
    encoded = encode_crop(decode(photo("rocket.jpg"), EFFICIENTNET_LITE0, ImageLimits()).pixels)
    with Image.open(io.BytesIO(encoded)) as image:
        assert set(image.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_stored_crop_gets_the_label_the_upload_got(
    photo: Callable[[str], bytes], exported: Classifier
) -> None:
    pixels = decode(photo("coffee.png"), EFFICIENTNET_LITE0, ImageLimits()).pixels
    again = decode(encode_crop(pixels), EFFICIENTNET_LITE0, ImageLimits())
    assert again.format == "JPEG"
    assert exported.classify(pixels).top(1)[0].label == "espresso"
    with Image.open(io.BytesIO(encode_crop(pixels))) as image:
        assert exported.classify(np.asarray(image)).top(1)[0].label == "espresso"
