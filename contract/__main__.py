"""`make clients`: clients of other makers, made from schema.graphql, against a live server."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from contract.client import CLIENTS
from contract.journeys import JourneyFailed, travel
from contract.readme import PASTED, paste
from harness.databases import migrated_database
from harness.installed import NotInstalled
from harness.postgres import postgres_in
from harness.site import LiveSite, running_site
from scripts.locks import one_at_a_time
from scripts.paths import DATABASE

WORKERS = 2

Try = Callable[[LiveSite], None]


def main() -> int:
    """Send every client on its journey; 0 if each came back well, else 1."""
    tries: dict[str, Try] = {client.name: partial(travel, client) for client in CLIENTS}
    tries |= {pasted.mark.replace(" ", "_"): partial(paste, pasted) for pasted in PASTED}
    parser = argparse.ArgumentParser(
        prog="make clients", description="Try the clients of other makers."
    )
    parser.add_argument(
        "clients", nargs="*", metavar="CLIENT", help=f"some of {', '.join(tries)}; all without"
    )
    chosen = parser.parse_args().clients or list(tries)
    unknown = set(chosen) - set(tries)
    if unknown:
        parser.error(f"there is no client {', '.join(sorted(unknown))}")
    # Ended from outside, it ends in order too, and leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    waiting = "Clients are tried in this folder already; waiting until that is done."
    with (
        one_at_a_time("clients", waiting=waiting),  # two at once would share their environments
        tempfile.TemporaryDirectory(prefix="telltale-clients-") as folder,
        postgres_in(DATABASE) as cluster,
        migrated_database(cluster.url("postgres"), f"telltale_clients_{os.getpid()}") as url,
        running_site(url, Path(folder) / "gunicorn.log", workers=WORKERS) as site,
    ):
        failed = [name for name in chosen if not _goes_well(name, tries[name], site)]
    if failed:
        print(f"\nNot every client is served: {', '.join(failed)}.")
        return 1
    print("\nEvery client is served.")
    return 0


def _goes_well(name: str, attempt: Try, site: LiveSite) -> bool:
    started = time.monotonic()
    try:
        attempt(site)
    except (JourneyFailed, NotInstalled) as failure:
        print(f"  {name} ... failed: {failure}", flush=True)
        return False
    print(f"  {name} ... {time.monotonic() - started:.1f} s", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
