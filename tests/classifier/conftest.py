from collections.abc import Callable
from pathlib import Path

import pytest

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.classifier import Classifier
from server.classifier.export import export
from server.classifier.loading import load_exported, load_reference
from server.classifier.packaged_file import packaged_file


@pytest.fixture(scope="session")
def model_directory() -> Path:
    # The one that `make run` serves: exported only where its manifest is not already right.
    directory = Path(__file__).parents[2] / "build" / "model"
    export(EFFICIENTNET_LITE0, directory)
    return directory


@pytest.fixture(scope="session")
def exported(model_directory: Path) -> Classifier:
    return load_exported(EFFICIENTNET_LITE0, model_directory)


@pytest.fixture(scope="session")
def reference() -> Classifier:
    return load_reference(EFFICIENTNET_LITE0)


@pytest.fixture(scope="session")
def photo() -> Callable[[str], bytes]:
    """Return the bytes of one of the photos that scikit-image ships, by its file name."""
    return lambda file_name: packaged_file("scikit-image", file_name).read_bytes()
