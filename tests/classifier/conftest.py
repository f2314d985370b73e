from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from inference_tier.served_model import ServedModel
from server.classifier import own_export
from server.classifier.card import EFFICIENTNET_LITE0, ModelCard
from server.classifier.classifier import Classifier
from server.classifier.export import export
from server.classifier.exported_model import read_verified
from server.classifier.image_file import ImageLimits
from server.classifier.loading import load_exported, load_reference
from server.classifier.own_export import export_own
from server.classifier.own_network import OwnNetwork
from server.classifier.packaged_file import packaged_file
from server.classifier.preprocessing import decode
from server.classifier.remote_engine import RemoteEngine
from server.classifier.remote_model import RemoteModel, remote_model
from server.classifier.tier import InferenceTier
from tests.support.inference_server import InferenceServer, inference_server, served_models
from tests.support.remote_engines import Heard


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


@pytest.fixture(scope="session")
def models(model_directory: Path) -> dict[str, ServedModel]:
    return served_models(model_directory)


@pytest.fixture
def server(models: dict[str, ServedModel]) -> Iterator[InferenceServer]:
    with inference_server(models) as running:
        yield running


@pytest.fixture
def other(models: dict[str, ServedModel]) -> Iterator[InferenceServer]:
    with inference_server(models) as running:
        yield running


@pytest.fixture(scope="session")
def model(model_directory: Path) -> RemoteModel:
    manifest = read_verified(EFFICIENTNET_LITE0, model_directory, with_graph=False)
    return remote_model(EFFICIENTNET_LITE0, manifest, model_directory)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def engine_on(model: RemoteModel, heard: Heard) -> Callable[..., RemoteEngine]:
    """Make an engine on addresses, not verified yet."""

    def make(*addresses: str, **settings: object) -> RemoteEngine:
        chosen = {"read_seconds": 5.0, **settings}
        return RemoteEngine(model, InferenceTier(addresses=addresses, observer=heard, **chosen))  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def cat_pixels(photo: Callable[[str], bytes]) -> npt.NDArray[np.uint8]:
    return decode(photo("chelsea.png"), EFFICIENTNET_LITE0, ImageLimits()).pixels[np.newaxis]


@pytest.fixture(scope="session")
def expected(
    models: dict[str, ServedModel], cat_pixels: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float32]:
    return next(iter(models.values())).engine.embed(cat_pixels)


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Callable[[OwnNetwork, Path], ModelCard]:
    """Export whatever network, as if it had been imported."""

    def exporting(network: OwnNetwork, folder: Path) -> ModelCard:
        monkeypatch.setattr(own_export, "find_own_network", lambda _: network)
        return export_own("tests:network", folder)

    return exporting
