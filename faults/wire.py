"""Faults of the way to the database: it falls silent, and it is long.

The database itself is well, and carries out what reaches it: a COMMIT, too, whose sender has been
told that nobody answers.
"""

import time

from faults.bystanders import alive, served
from faults.suite import Broken, Suite
from harness.slow_wire import slow_wire

PATIENCE_SECONDS = 3
SILENT_SECONDS = 4 * PATIENCE_SECONDS
FAR_SECONDS = 0.005  # each way
FAR_FOR_SECONDS = 8
WIRE_CUTS = 4


def silent_database(suite: Suite) -> str:
    """Let nothing through for longer than requests wait; then all that was held back."""
    with (
        slow_wire(suite.database.url) as wire,
        suite.service.changed(
            {
                "DATABASE_URL": wire.database_url,
                "DATABASE_PATIENCE_SECONDS": str(PATIENCE_SECONDS),
            }
        ),
    ):
        time.sleep(1)
        with alive(suite.service.site) as others:
            before = suite.load.tally.failures.copy()
            with wire.silence():
                time.sleep(SILENT_SECONDS)
                told = suite.load.tally.failures - before
            back = suite.service.seconds_until_healthy()
    if set(told) != {"BUSY"}:
        raise Broken(f"of a silent database clients were told: {dict(told)}")
    return (
        f"silent for {SILENT_SECONDS} s, BUSY {told['BUSY']} times, well again after {back:.1f} s;"
        f" {others.of_the_probe}"
    )


def far_database(suite: Suite) -> str:
    """Have every word to and from the database under way for a while, and lose some of them."""
    with (
        slow_wire(suite.database.url, delay_seconds=FAR_SECONDS) as wire,
        suite.service.changed({"DATABASE_URL": wire.database_url}),
    ):
        with served(suite.service.site, suite.load.tally) as others:
            time.sleep(FAR_FOR_SECONDS)
        with alive(suite.service.site):
            for _ in range(WIRE_CUTS):
                wire.cut()
                time.sleep(1)
            suite.service.seconds_until_healthy()
    return f"{FAR_SECONDS * 1000:.0f} ms away each way, cut {WIRE_CUTS} times; {others.sentence}"
