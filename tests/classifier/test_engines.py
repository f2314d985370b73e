"""The contract that every engine keeps, on real photos."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from server.classifier.agreement import PHOTOS
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.classifier import Classifier
from server.classifier.image_file import ImageLimits
from server.classifier.preprocessing import decode

ENGINES = ("exported", "reference")


@pytest.fixture(params=ENGINES)
def classifier(request: pytest.FixtureRequest) -> Classifier:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def pixels_of(photo: Callable[[str], bytes]) -> Callable[[str], npt.NDArray[np.uint8]]:
    return lambda file_name: decode(photo(file_name), EFFICIENTNET_LITE0, ImageLimits()).pixels


@pytest.mark.parametrize("file_name", PHOTOS)
def test_both_engines_give_the_same_answer(
    file_name: str,
    pixels_of: Callable[[str], npt.NDArray[np.uint8]],
    exported: Classifier,
    reference: Classifier,
) -> None:
    pixels = pixels_of(file_name)
    ours, theirs = exported.classify(pixels), reference.classify(pixels)

    assert np.abs(ours.probabilities - theirs.probabilities).max() < 1e-3
    assert np.abs(ours.embedding - theirs.embedding).max() < 1e-3
    assert [score.label for score in ours.top(5)] == [score.label for score in theirs.top(5)]


@pytest.mark.parametrize(
    ("file_name", "labels"),
    [
        ("chelsea.png", ["tiger cat", "Egyptian cat", "tabby"]),
        ("camera.png", ["tripod"]),
        ("coffee.png", ["espresso"]),
        ("rocket.jpg", ["missile", "projectile"]),
        ("motorcycle_left.png", ["moped", "motor scooter", "disk brake"]),
    ],
)
def test_a_known_photo_gets_its_labels(
    file_name: str,
    labels: list[str],
    pixels_of: Callable[[str], npt.NDArray[np.uint8]],
    classifier: Classifier,
) -> None:
    top = classifier.classify(pixels_of(file_name)).top(len(labels))
    assert [score.label for score in top] == labels


def test_features_have_the_shapes_types_and_ranges_of_the_contract(
    pixels_of: Callable[[str], npt.NDArray[np.uint8]], classifier: Classifier
) -> None:
    features = classifier._engine.features(pixels_of("chelsea.png")[np.newaxis])

    assert features.feature_map.shape == (1, 1280, 7, 7)
    assert features.embedding.shape == (1, 1280)
    assert features.feature_map.dtype == features.embedding.dtype == np.float32
    assert features.feature_map.min() >= 0
    assert 1 < features.feature_map.max() <= 6
    assert np.allclose(features.feature_map.mean(axis=(2, 3)), features.embedding, atol=1e-5)


def test_several_pictures_at_once_get_the_features_each_gets_alone(
    pixels_of: Callable[[str], npt.NDArray[np.uint8]], classifier: Classifier
) -> None:
    pictures = np.stack([pixels_of(name) for name in ("chelsea.png", "coffee.png", "rocket.jpg")])
    together = classifier._engine.features(pictures)

    assert together.feature_map.shape == (3, 1280, 7, 7)
    for index, picture in enumerate(pictures):
        alone = classifier._engine.features(picture[np.newaxis])
        assert np.array_equal(classifier._engine.embed(picture[np.newaxis]), alone.embedding)
        assert np.allclose(together.embedding[index], alone.embedding[0], atol=1e-4)
        assert np.allclose(together.feature_map[index], alone.feature_map[0], atol=1e-3)


def test_the_network_reads_pixels_as_the_card_says(
    reference: Classifier, pixels_of: Callable[[str], npt.NDArray[np.uint8]]
) -> None:
    # A picture of the mean colour is all zeros to the first convolution, whatever its weights.
    network = reference._engine._network
    seen = []
    hook = network._conv_stem.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    try:
        pixels = np.full((1, 224, 224, 3), 127, np.uint8)
        pixels[..., 0] = 255
        reference._engine.embed(pixels)
    finally:
        hook.remove()
    assert seen[0].shape == (1, 3, 224, 224)
    assert seen[0][0, :, 100, 100].tolist() == [1.0, 0.0, 0.0]
