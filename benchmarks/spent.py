"""What a service takes of the cores, which says more than time where a machine is busy."""

import contextlib

import psutil

from benchmarks.served import family


def cpu_seconds(pid: int) -> float:
    """Return what a process and all it has started, which still run, have spent so far."""
    spent = 0.0
    for process in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            spent += times.user + times.system
    return spent
