"""How much memory the processes of the server hold; on Linux, elsewhere it is not told."""

import os
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

PROCESSES = Path("/proc")
BYTES_PER_KIB = 1024


class ServerMemory(Collector):
    """The proportional set size of gunicorn's master and of each of its workers.

    Pages that several processes share count in parts, so that the sum is what the server costs.
    """

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read the sizes now."""
        family = GaugeMetricFamily(
            "telltale_process_memory_bytes",
            "Proportional set size of a process of the server.",
            labels=["role", "pid"],
        )
        master = os.getppid()
        for role, pid in [("master", master), *(("worker", pid) for pid in _children(master))]:
            size = _proportional_set_size(pid)
            if size is not None:
                family.add_metric([role, str(pid)], size)
        yield family


def _children(pid: int) -> list[int]:
    try:
        listed = (PROCESSES / str(pid) / "task" / str(pid) / "children").read_text()
    except OSError:  # no Linux, or a kernel without the list
        return [os.getpid()]
    return [int(child) for child in listed.split()]


def _proportional_set_size(pid: int) -> int | None:
    """Return the size in bytes; None where it can't be read, or the process is gone."""
    try:
        lines = (PROCESSES / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return next(
        (int(line.split()[1]) * BYTES_PER_KIB for line in lines if line.startswith("Pss:")), None
    )
