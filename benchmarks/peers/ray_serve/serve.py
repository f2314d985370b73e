"""`python -m benchmarks.peers.ray_serve.serve`: the photo is the body of the request."""

import os
import signal

import ray
from ray import serve
from starlette.requests import Request

from benchmarks.peers.answering import Answering

WORKERS = int(os.environ["WORKERS"])


class Classify:
    """One model a replica."""

    def __init__(self) -> None:
        self._answering = Answering()

    async def __call__(self, request: Request) -> dict[str, object]:
        """Return what is in the photo."""
        return self._answering.answer(await request.body())


if __name__ == "__main__":
    ray.init(num_cpus=WORKERS, include_dashboard=False, log_to_driver=False)
    serve.start(http_options={"host": "127.0.0.1", "port": int(os.environ["PORT"])})
    deployment = serve.deployment(
        num_replicas=WORKERS, ray_actor_options={"num_cpus": 1}, max_ongoing_requests=8
    )
    serve.run(deployment(Classify).bind(), route_prefix="/predict")
    signal.sigwait({signal.SIGTERM})
    serve.shutdown()
    ray.shutdown()
