"""The Ray Serve application, `inference_tier.application:build`: what `serve.yaml` deploys."""

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field
from ray import serve
from ray.serve.config import BackpressureConfig
from ray.util.metrics import Histogram
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from inference_tier.batching import Outputs, Waiting, run_together
from inference_tier.protocol import (
    MAX_BODY_BYTES,
    Asked,
    OpenInferenceServer,
    Refused,
    Reply,
    refusal,
)
from inference_tier.served_model import ServedModel, load_models

ROOT = Path(__file__).resolve().parent.parent
TOKEN_VARIABLE = "TELLTALE_INFERENCE_TOKEN"  # noqa: S105 - its name
TOO_LARGE = Refused(413, "The body is too large.")  # type: ignore[arg-type] # an HTTPStatus is an int


class Arguments(BaseModel):
    """What `args` of `serve.yaml` may say."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=())

    model_directory: str  # from the checkout, or from the root of the machine
    engine: Literal["onnx", "torch"] = "onnx"
    max_batch_pictures: int = Field(default=1, ge=1, le=256)  # on a CPU more gain nothing


class Replica:
    """Every exported model, on one thread, or on a share of a GPU."""

    def __init__(self, arguments: Arguments) -> None:
        """Load the models; where one is not what it should be, the replicas before stay."""
        self._models = load_models(ROOT / arguments.model_directory, arguments.engine)
        # A run holds its thread: in the replica's own, health checks would wait for it.
        self._thread = ThreadPoolExecutor(1, "graphs")
        self._together.set_max_batch_size(arguments.max_batch_pictures)
        self._together.set_batch_wait_timeout_s(0)  # it fills while the one before runs
        token = os.environ.get(TOKEN_VARIABLE, "")
        self._server = OpenInferenceServer(self._models, self._run, token=token)
        self._seconds = Histogram(
            "telltale_graph_seconds",
            description="Running a model on the pictures that came together.",
            boundaries=[0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
        )

    async def __call__(self, request: Request) -> Response:
        """Answer one request of the protocol."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            self._server.require_welcome(headers)
            body = await _body(request)
        except Refused as refused:
            reply = refusal(refused)
        except ClientDisconnect:
            return Response(status_code=499)  # nobody reads it
        else:
            asked = Asked(request.method, request.url.path, headers, body)
            reply = await self._server.answer(asked)
        return _response(reply)

    def check_health(self) -> None:
        """Raise where the thread that runs the models is gone."""
        if self._thread._shutdown:  # noqa: SLF001 - it has no other way to tell
            raise RuntimeError("the thread has ended")

    async def _run(
        self,
        model: ServedModel,
        pixels: npt.NDArray[np.uint8],
        with_map: bool,  # noqa: FBT001
    ) -> Outputs:
        return await self._together(Waiting(model, pixels, with_map))

    @serve.batch(max_batch_size=1)
    async def _together(self, requests: list[Waiting]) -> list[Outputs]:
        began = time.perf_counter()
        loop = asyncio.get_running_loop()
        made = await loop.run_in_executor(self._thread, run_together, requests)
        self._seconds.observe(time.perf_counter() - began)
        return made


async def _body(request: Request) -> bytes:
    """Read what the request brings, whatever length it claims; raises `Refused`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise TOO_LARGE
    return bytes(body)


def _response(reply: Reply) -> Response:
    return Response(reply.body, status_code=reply.status, headers=reply.headers)


# Ray publishes no types.
graphs: Any = serve.deployment(
    name="graphs",
    ray_actor_options={"num_cpus": 1},
    max_ongoing_requests=4,
    max_queued_requests=32,  # without a limit an overload would only be noticed by its timeouts
    backpressure_config=BackpressureConfig(status_code=429, retry_after_s=1),
    graceful_shutdown_timeout_s=20,
    health_check_period_s=10,
    health_check_timeout_s=30,
)(Replica)


def build(arguments: Arguments) -> Any:  # noqa: ANN401 - nor for this
    """Return the application."""
    return graphs.bind(arguments)
