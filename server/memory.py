"""How a worker's memory is kept small: what is loaded before the fork, and how glibc gives back.

A page that the master has loaded and no worker writes to counts once, not four times. Measured with
four workers under load (`make bench`): 480 MiB without, 245 MiB with what stands here and in
`server.classifier.tuned_graph`.
"""

import ctypes
import gc
from contextlib import suppress
from threading import Thread

# Constants of glibc's <malloc.h>.
M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8

ARENAS = 2
# What an arena may keep, and the smallest block that has a mapping of its own. A photo of 100 KB is
# decoded into 2 MB: where half a megabyte was kept, the kernel cleared 1,700 pages anew for each,
# in 7 ms of CPU, a quarter of the whole prediction.
LARGE_BYTES = 2 * 2**20


def return_memory_early() -> None:
    """Tell glibc to keep no more than small buffers; does nothing on another C library.

    By default every thread may get a heap of its own, each keeping what its largest picture needed.
    And the size from which a block is mapped, and unmapped when it is freed, grows with the first
    large block: setting it keeps it where it is.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        mallopt(M_TRIM_THRESHOLD, LARGE_BYTES)


def begin_loading() -> None:
    """Prepare for loading modules: let nothing be collected, and read the model meanwhile.

    They leave little behind, and the collector would look at all of it over and over: a fifth of
    the start. The checksums of the model's files are another tenth, and need no interpreter lock.
    """
    gc.disable()
    _reading.start()


def load_what_workers_share() -> None:
    """Import what every prediction needs, and spare it from the garbage collector's writing.

    To be called by the master before it forks. Django would import the addresses, and with them
    the schema, at a worker's first request. ONNX Runtime is imported, which needs no thread since
    `server.classifier` turned its telemetry off; its sessions are made by the workers.
    """
    from django.conf import settings
    from django.urls import get_resolver

    from server.predictions.served import served

    served()  # what is wrong with it is told before anybody is served
    if settings.ENGINE == "onnx":
        import server.classifier.head
        import server.classifier.onnx_engine
        import server.classifier.tuned_graph  # noqa: F401 - for the library they import
    _ = get_resolver().url_patterns  # a property that imports
    _reading.join()  # a fork would lose it
    # A collection writes to every object it visits, and a written page is shared no more.
    gc.freeze()
    gc.enable()


def load_the_rest() -> None:
    """Import what a first prediction does not need, while the first worker is on its way to it.

    To be called by the master before it forks the others, which share that too. The first loads
    it when it is asked for it.
    """
    from server.classifier.image_file import load_heic
    from server.front.page_statements import load_driver

    gc.disable()
    load_heic()
    load_driver()
    gc.freeze()
    gc.enable()


def _read_model_files() -> None:
    """Take the checksums that every worker will ask for; forked, they remember them."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from server.classifier.checksum import sha256_of_file

    # Wrong settings are complained of where they are loaded; a worker that misses a file says so.
    with suppress(ImproperlyConfigured, OSError):
        for path in sorted(settings.MODEL_DIRECTORY.glob("*/**/*.*")):
            sha256_of_file(path)


_reading = Thread(target=_read_model_files, name="model-reading", daemon=True)
