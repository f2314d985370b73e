"""How much memory the whole service takes: master and workers, proportional set size."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from benchmarks.databases import own_database
from harness import photos
from harness.accounts import new_token
from harness.connection import Connection
from harness.environment import production_environment
from harness.predictions import MULTIPART, predict_body
from harness.site import LiveSite, running_site
from server.classifier.image_file import MAX_COEFFICIENTS, ImageLimits

CLIENTS = 8
WORKERS = 4  # what render.yaml starts
SAMPLE_SECONDS = 0.02
MIB = 2**20

LIMITS = ImageLimits()
# Of each format the kind that needs most memory, at its limits.
LARGEST_PICTURES: tuple[tuple[str, int, Callable[[ImageLimits], bytes]], ...] = (
    ("PNG, RGBA", LIMITS.max_pixels, photos.largest_png),
    ("progressive JPEG", MAX_COEFFICIENTS // 3, photos.largest_progressive_jpeg),
    (
        "progressive JPEG of inks",
        MAX_COEFFICIENTS // 4,
        photos.largest_progressive_jpeg_of_inks,
    ),
    ("WebP, RGBA", LIMITS.max_webp_pixels, photos.largest_webp),
    ("AVIF, RGBA", LIMITS.max_avif_pixels, photos.largest_avif),
    ("HEIC of 10 bits", LIMITS.max_heic_pixels, photos.largest_heic),
    ("translucent HEIC of 10 bits", LIMITS.max_webp_pixels, photos.largest_translucent_heic),
    ("BMP", LIMITS.max_pixels, photos.largest_bmp),
    ("TIFF of inks", LIMITS.max_tiff_pixels, photos.largest_tiff),
)


@dataclass
class Outcome:
    """What the clients of one load saw."""

    answered: int = 0
    refusals: dict[str, int] = field(default_factory=dict)

    def count(self, code: str | None) -> None:
        """Count one answer, or one refusal by its code."""
        if code is None:
            self.answered += 1
        else:
            self.refusals[code] = self.refusals.get(code, 0) + 1


@dataclass(frozen=True)
class MemoryUnderLoad:
    """The proportional set size of the service during one load, in MiB."""

    load: str
    median_mib: float
    peak_mib: float
    seconds: float
    outcome: Outcome


class _Watch:
    """Samples the memory of a process and its children until it is stopped."""

    def __init__(self, master: int) -> None:
        self._master = psutil.Process(master)
        self._samples: list[float] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @property
    def median_mib(self) -> float:
        return sorted(self._samples)[len(self._samples) // 2]

    @property
    def peak_mib(self) -> float:
        return max(self._samples)

    def _run(self) -> None:
        while True:
            self._samples.append(service_mib(self._master))
            if self._done.wait(SAMPLE_SECONDS):
                return


def service_mib(master: psutil.Process) -> float:
    """Return the proportional set size of a process and all it started, in MiB.

    A page that N processes share counts 1/N in each of them, so the sum counts it once.
    """
    total_kib = 0
    for process in (master, *master.children(recursive=True)):
        try:
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        total_kib += next(
            (int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0
        )
    return total_kib * 1024 / MIB


def measure_memory(folder: Path, *, seconds: float) -> list[MemoryUnderLoad]:
    """Measure at rest, under real photos, and while every worker gets the largest pictures."""
    with (
        own_database(folder / "memory-postgres") as database_url,
        running_site(
            database_url,
            folder / "memory.log",
            workers=WORKERS,
            environment_of=production_environment,
        ) as site,
    ):
        token = new_token(site.port)
        ordinary = [predict_body(photo) for photo in photos.photos_of_100_kb(24)]
        _load(site, token, ordinary, seconds=2)  # so that every worker has answered before
        with _Watch(site.pid) as at_rest:
            time.sleep(2)
        measured = [
            MemoryUnderLoad("at rest", at_rest.median_mib, at_rest.peak_mib, 2, Outcome()),
            _measured(site, token, "photos of 100 KB", ordinary, seconds),
        ]
        for name, pixels, largest in LARGEST_PICTURES:
            picture = largest(LIMITS)
            load = f"{name}, {pixels / 1e6:.1f} Mpx, {len(picture) / 1e6:.1f} MB"
            measured.append(_measured(site, token, load, [predict_body(picture)], seconds / 2))
        return measured


def _measured(
    site: LiveSite, token: str, load: str, bodies: Sequence[bytes], seconds: float
) -> MemoryUnderLoad:
    started = time.monotonic()
    with _Watch(site.pid) as watch:
        outcome = _load(site, token, bodies, seconds=seconds)
    return MemoryUnderLoad(
        load, watch.median_mib, watch.peak_mib, time.monotonic() - started, outcome
    )


def _load(site: LiveSite, token: str, bodies: Sequence[bytes], *, seconds: float) -> Outcome:
    outcome = Outcome()
    ends = time.monotonic() + seconds

    def client(number: int) -> None:
        connection = Connection(site.port, token)
        turn = number
        while time.monotonic() < ends:
            outcome.count(_predict(connection, bodies[turn % len(bodies)]))
            turn += CLIENTS
            if turn % 5 == 0:
                connection.close()  # another worker may take the next one
        connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        for running in [pool.submit(client, number) for number in range(CLIENTS)]:
            running.result()
    return outcome


def _predict(connection: Connection, body: bytes) -> str | None:
    """Return None for a prediction, else the code of the refusal."""
    answer = connection.post(body, MULTIPART).json()
    errors = answer.get("errors")
    if errors:
        return str(errors[0]["extensions"]["code"])
    refusals = answer["data"]["predict"]["errors"]
    return str(refusals[0]["code"]) if refusals else None
