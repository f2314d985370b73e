import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from inference_tier.protocol import Asked, OpenInferenceServer, Reply
from inference_tier.served_model import ServedModel, load_models

TOKEN = "the token of a tier, of 32 letters and more"
Ask = Callable[..., Reply]


@pytest.fixture(scope="session")
def model(model_directory: Path) -> ServedModel:
    (model,) = load_models(model_directory, "onnx").values()
    return model


@pytest.fixture
def ask(model: ServedModel) -> Ask:
    """Ask a server of the model, with its token."""

    async def run(
        model: ServedModel, pixels: npt.NDArray[np.uint8], with_map: bool
    ) -> dict[str, npt.NDArray[np.float32]]:
        return model.run(pixels, with_map=with_map)

    server = OpenInferenceServer({model.name: model}, run, token=TOKEN)

    def asking(method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {"authorization": f"Bearer {TOKEN}", "content-length": str(len(body)), **named}
        return asyncio.run(server.answer(Asked(method, path, given, body)))

    return asking
