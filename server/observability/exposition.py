"""The instruments of all workers as one text for Prometheus.

https://prometheus.github.io/client_python/multiprocess/
"""

import os

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from server.observability.instruments import REGISTRY
from server.observability.process_memory import ServerMemory

SHARED_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's name for it


def exposition() -> bytes:
    """Return every figure, added up over the workers of the server."""
    if not os.environ.get(SHARED_DIRECTORY):
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # it has no annotations
    registry.register(ServerMemory())
    return generate_latest(registry)
