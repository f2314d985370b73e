"""`make faults`: a row for each fault as it happens, and a sentence in the end."""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from faults.clients import slow_clients, slow_readers, thousand_connections, vanishing_clients
from faults.database import own_database
from faults.instances import lost_instance, rolling_web
from faults.invariants import broken
from faults.load import Acknowledged, Load, Tally
from faults.processes import (
    deploy,
    kill_all_workers,
    kill_master,
    kill_workers,
    migrate_at_once,
    reload_workers,
    stop_and_start,
)
from faults.remote import hurt_tier, rolling_tier, wrong_graph
from faults.service import Service
from faults.storage import broken_model, cut_connections, no_disk, restart_database
from faults.suite import Broken, Fault, Suite
from faults.wire import far_database, silent_database
from scripts.inference import TierFailed
from scripts.inference_servers import NotStarted

SETTLE_SECONDS = 1.0


def nothing(_: Suite) -> str:
    """Do no harm: what the load is without any."""
    time.sleep(3)
    return "the load alone"


UNDER_LOAD: list[Fault] = [
    nothing,
    kill_workers,
    kill_all_workers,
    reload_workers,
    restart_database,
    cut_connections,
    silent_database,
    far_database,
    slow_clients,
    slow_readers,
    vanishing_clients,
    thousand_connections,
    deploy,
    stop_and_start,
    kill_master,
    no_disk,
]
WITHOUT_LOAD: list[Fault] = [migrate_at_once, broken_model]
# Want a gigabyte of packages, and one of memory.
WHEN_NAMED: list[Fault] = [hurt_tier, rolling_tier, wrong_graph, lost_instance, rolling_web]
GROUPS = {"remote": [fault.__name__ for fault in WHEN_NAMED]}


def main() -> int:
    """Do everything; 0 if all invariants held, else 1. The last line says which."""
    names = [fault.__name__ for fault in (*UNDER_LOAD, *WITHOUT_LOAD)]
    known = [*names, *(fault.__name__ for fault in WHEN_NAMED)]
    parser = argparse.ArgumentParser(prog="make faults", description="Hurt a running service.")
    wishes = ", ".join((*known, *GROUPS))
    parser.add_argument("faults", nargs="*", metavar="FAULT", help=f"some of {wishes}")
    wished = parser.parse_args().faults or names
    chosen = [name for wish in wished for name in GROUPS.get(wish, [wish])]
    if set(chosen) - set(known):
        parser.error(f"there is no fault {', '.join(sorted(set(chosen) - set(known)))}")
    # Ended from outside, it ends in order too, and leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="telltale-faults-"))
    with own_database(folder) as database:
        service = Service(database, folder)
        try:
            service.begin()
            suite = Suite(database, service, Load(service), folder)
            sentences = _do(suite, chosen)
        except KeyboardInterrupt:
            print(f"\nStopped; the server's log is {service.log}.")
            return 130
        finally:
            service.end()
    minutes, seconds = divmod(int(time.monotonic() - started), 60)
    if sentences:
        print("\n" + "\n".join(sentences[:20]))
        print(f"\n{len(sentences)} things broke; the server's log is {service.log}.")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    print(
        f"\nAfter {len(chosen)} faults in {minutes} min {seconds} s every acknowledged prediction "
        "is in its owner's history exactly once, nothing is half-written, and the service is well."
    )
    return 0


def _do(suite: Suite, chosen: list[str]) -> list[str]:
    print(
        f"{'fault':<21}{'requests':>9}{'acknowledged':>13}{'back':>8}{'broken':>7}  what happened"
    )
    sentences: list[str] = []
    acknowledged: list[Acknowledged] = []
    for fault in (*UNDER_LOAD, *WITHOUT_LOAD, *WHEN_NAMED):
        if fault.__name__ not in chosen:
            continue
        tally, back, remark, found = _hurt(suite, fault)
        acknowledged += tally.acknowledged
        found += broken(suite.database, acknowledged, tally)
        failures = ", ".join(f"{count} {kind}" for kind, count in tally.failures.most_common())
        name = fault.__name__.replace("_", " ")
        print(
            f"{name:<21}{tally.requests:>9}{len(tally.acknowledged):>13}"
            f"{back:>6.1f} s{len(found):>7}  {remark}" + (f"; {failures}" if failures else ""),
            flush=True,
        )
        sentences += [f"{fault.__name__}: {sentence}" for sentence in found]
    return sentences


def _hurt(suite: Suite, fault: Fault) -> tuple[Tally, float, str, list[str]]:
    """Do one fault; return what clients saw, seconds until healthy, a remark, and what broke."""
    suite.load.tally = Tally()
    try:
        if fault in WITHOUT_LOAD:
            return suite.load.tally, 0.0, fault(suite), []
        with suite.load.running():
            time.sleep(SETTLE_SECONDS)
            remark = fault(suite)
            back = suite.service.seconds_until_healthy()
            time.sleep(SETTLE_SECONDS)
    except (Broken, NotStarted, TierFailed, TimeoutError) as error:
        return suite.load.tally, 0.0, "", [str(error)]
    return suite.load.tally, back, remark, []


if __name__ == "__main__":
    sys.exit(main())
