"""How a worker's memory is kept small: what is loaded before the fork, and how glibc gives back.

A page that the master has loaded and no worker writes to counts once, not four times. Measured with
four workers under load (`make bench`): 480 MiB without, 245 MiB with what stands here and in
`server.classifier.tuned_graph`.
"""

import ctypes
import gc
from contextlib import suppress

# Constants of glibc's <malloc.h>.
M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8

ARENAS = 2
LARGE_BYTES = 512 * 1024


def return_memory_early() -> None:
    """Tell glibc to keep little of what is freed; does nothing on another C library.

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
    """Let nothing be collected while modules are loaded: they leave little behind.

    The collector would look at all that was imported over and over: a fifth of the start.
    """
    gc.disable()


def load_what_workers_share() -> None:
    """Import what every request needs, and spare it from the garbage collector's writing.

    To be called by the master before it forks. Django would import the addresses, and with them
    the schema, at a worker's first request. ONNX Runtime is imported, which needs no thread since
    `server.classifier` turned its telemetry off; its sessions are made by the workers. The model's
    files are looked through once: workers remember what was seen.
    """
    from django.conf import settings
    from django.urls import get_resolver

    from server.classifier.card import MODEL_CARDS
    from server.classifier.errors import ModelNotBuilt
    from server.classifier.exported_model import read_verified

    if settings.ENGINE == "onnx":
        import server.classifier.tuned_graph  # noqa: F401 - for the library it imports

        for card in MODEL_CARDS.values():
            with suppress(ModelNotBuilt):  # the workers say so, and answer health
                read_verified(card, settings.MODEL_DIRECTORY)
    _ = get_resolver().url_patterns  # a property that imports
    # A collection writes to every object it visits, and a written page is shared no more.
    gc.freeze()
    gc.enable()
