import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from server.classifier.agreement import PHOTOS
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.classifier import Classifier
from server.classifier.exported_model import BACKBONE_FILE, directory_of
from server.classifier.head import Head, load_head
from server.classifier.heat_map import draw_overlay, heat_map
from server.classifier.image_file import ImageLimits
from server.classifier.onnx_engine import OnnxEngine
from server.classifier.preprocessing import decode

SIDE = 32  # pixels of a place
PAINTED = 10  # places, a fifth of the picture


def test_a_place_counts_by_what_tells_the_label_from_its_alternatives() -> None:
    # Two features: the first speaks for label 0, the second for labels 0 and 1 alike.
    head = Head(weights=np.array([[1, 0], [1, 1]], np.float32), bias=np.zeros(2, np.float32))
    feature_map = np.zeros((2, 7, 7), np.float32)
    feature_map[0, 2, 3], feature_map[0, 5, 5] = 4, 1
    feature_map[1, 0, 0] = 6

    heat = heat_map(head, feature_map, 0)
    assert heat.shape == (7, 7)
    assert heat.dtype == np.float32
    assert (heat[2, 3], heat[5, 5], heat[0, 0]) == (1, 0.25, 0)
    assert not heat_map(head, feature_map, 1).any()  # nothing speaks for it


def test_the_places_add_up_to_the_difference_of_the_logits() -> None:
    generator = np.random.default_rng(0)
    weights = generator.normal(size=(1280, 2)).astype(np.float32)
    head = Head(weights=weights, bias=np.zeros(2, np.float32))
    feature_map = generator.uniform(0, 6, (1280, 7, 7)).astype(np.float32)

    logits = feature_map.mean(axis=(1, 2)) @ weights
    places = np.tensordot(weights[:, 0] - weights[:, 1], feature_map, axes=1)
    assert places.mean() == pytest.approx(logits[0] - logits[1], rel=1e-3)
    expected = np.maximum(places, 0) / places.max()
    assert np.allclose(heat_map(head, feature_map, 0), expected, atol=1e-4)


def test_painting_where_it_is_warm_takes_more_from_the_label_than_elsewhere(
    photo: Callable[[str], bytes], exported: Classifier, model_directory: Path
) -> None:
    directory = directory_of(exported.card, model_directory)
    engine, head = OnnxEngine(directory / BACKBONE_FILE), load_head(directory)
    left_where_warm, left_elsewhere = [], []
    for file_name in PHOTOS:
        pixels = decode(photo(file_name), EFFICIENTNET_LITE0, ImageLimits()).pixels
        features = engine.features(pixels[np.newaxis])
        probabilities = head.probabilities(features.embedding)[0]
        label = int(probabilities.argmax())
        heat = heat_map(head, features.feature_map[0], label)
        warm = heat >= np.sort(heat, axis=None)[-PAINTED]
        # The same shape elsewhere: many small spots would disturb more than one large one.
        shifts = ((0, 3), (3, 0), (3, 3), (5, 2))
        elsewhere = [np.roll(warm, shift, axis=(0, 1)) for shift in shifts]

        left = [
            float(exported.classify(painted(pixels, places)).probabilities[label])
            / float(probabilities[label])
            for places in (warm, *elsewhere)
        ]
        left_where_warm.append(left[0])
        left_elsewhere.append(np.mean(left[1:]))
    assert np.median(left_where_warm) < 0.5 * np.median(left_elsewhere)
    warmer_counts_more = np.less(left_where_warm, left_elsewhere)
    assert warmer_counts_more.mean() > 0.7


def painted(pixels: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the picture with so many of its 7×7 places white."""
    mask = np.kron(places[..., np.newaxis], np.ones((SIDE, SIDE, 1), bool))
    return np.where(mask, np.uint8(255), pixels)


def test_the_overlay_is_as_dense_as_the_heat_and_small() -> None:
    heat = np.zeros((7, 7), np.float32)
    heat[1, 5] = 1
    encoded = draw_overlay(heat, 224)
    overlay = Image.open(io.BytesIO(encoded)).convert("RGBA")
    density = np.asarray(overlay)[..., 3]

    assert (overlay.format or "PNG", overlay.size) == ("PNG", (224, 224))
    assert density[48, 176] > 180  # in the middle of that place
    assert density[150:, :100].max() == 0
    assert np.abs(np.diff(density[48].astype(int))).max() < 16  # smooth
    assert len(encoded) < 20_000
