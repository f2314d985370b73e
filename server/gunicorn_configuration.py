"""How gunicorn serves, everywhere: `gunicorn -c python:server.gunicorn_configuration`.

The address comes from the command line. https://docs.gunicorn.org/en/stable/settings.html
"""

import asyncio
import itertools
import logging
import os
import resource
import sys
from pathlib import Path
from typing import Any

from server import environment, memory
from server.observability.shared_folder import make_shared_folder

# Read by the numerical libraries when they are loaded: threads that multiply with the workers and
# their request threads would only take the cores from each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

memory.begin_loading()
memory.return_memory_early()  # inherited by the workers

workers = environment.integer(
    "WEB_CONCURRENCY", "how many worker processes serve", default=4, minimum=1, maximum=64
)
worker_class = "asgi"  # `server.front`, which has threads, but none for clients
asgi_loop = "asyncio"
asgi_lifespan = "on"
# The parser in C (gunicorn_h1c 0.6.10) keeps what a connection last received after it is closed.
http_parser = "python"
preload_app = True  # Django is loaded once and shared by the workers until they write to it

timeout = 60  # seconds without a sign of life until a worker is replaced
graceful_timeout = 25  # seconds for running requests; platforms kill 30 s after SIGTERM
keepalive = 5  # seconds until the whole head of the next request on a kept connection
# A connection has a descriptor, and another where it is sent a file.
MOST_DESCRIPTORS = 4096
_, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
_descriptors = MOST_DESCRIPTORS if _hard == resource.RLIM_INFINITY else min(MOST_DESCRIPTORS, _hard)
resource.setrlimit(resource.RLIMIT_NOFILE, (_descriptors, _hard))
MOST_CONNECTIONS = (_descriptors - 128) // 2  # of a worker
# Workers prove they live by touching a file, which must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn's advice

# Where the workers keep their shares of the figures at /metrics (see `server.observability`), for
# as long as this server runs. Set before Django is loaded: prometheus_client reads it on import.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = make_shared_folder(worker_tmp_dir)

limit_request_line = 8190  # bytes; GraphQL over GET puts the document here
limit_request_fields = 60
limit_request_field_size = 8190  # bytes

# Its lines have the handler that Django's settings name: one of its own would come back with each
# SIGHUP, and tell every line a second time.
errorlog = None
accesslog = None  # `server.observability` writes the line of a request, and knows more
control_socket_disable = True  # nobody operates it, and its default lies in the home directory

_forks = itertools.count()


def when_ready(server: Any) -> None:  # noqa: ANN401, ARG001 - gunicorn's signature
    """Load what the workers share, before there are any."""
    memory.load_what_workers_share()


def pre_fork(server: Any, worker: Any) -> None:  # noqa: ANN401, ARG001 - gunicorn's signature
    """Prepare what the worker shares with the others."""
    from server.front import share

    if next(_forks) == 1:  # the second: the first has its core to itself meanwhile
        memory.load_the_rest()
    share.prepare()


def post_fork(server: Any, worker: Any) -> None:  # noqa: ANN401, ARG001 - gunicorn's signature
    """Let the worker's event loop watch over connections, before there is one."""
    from server.front.loop import FrontLoopPolicy

    asyncio.set_event_loop_policy(FrontLoopPolicy(MOST_CONNECTIONS))


def worker_exit(server: Any, worker: Any) -> None:  # noqa: ANN401, ARG001 - gunicorn's signature
    """End at once what has stopped in order: taking Python down takes a core half a second."""
    ending = sys.exception()
    if isinstance(ending, SystemExit) and not ending.code:
        logging.shutdown()
        os._exit(0)


def child_exit(server: Any, worker: Any) -> None:  # noqa: ANN401, ARG001 - gunicorn's signature
    """Forget what an ended worker had open, waiting and in flight; its counts stay."""
    from prometheus_client.multiprocess import mark_process_dead

    from server.front.share import forget

    forget(worker.pid)
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call] # it has no annotations
