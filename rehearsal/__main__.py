"""`make rehearse`: the deployment that render.yaml states, on this machine.

The commit is cloned into an empty folder, built and started there by the very commands of
render.yaml, with its variables and those Render sets and no others, on a PostgreSQL over TCP and
behind a proxy that ends TLS; then it is used, and stopped.
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.certificate import make_certificate
from harness.databases import temporary_database
from harness.ports import free_port
from harness.postgres import postgres_over_tcp
from harness.proxy import render_proxy, serving
from harness.vercel import Vercel, vercel_proxy
from rehearsal.checks import SERVING, Rehearsal
from rehearsal.deployment import Deployment, RehearsalFailed, clone, deployment
from rehearsal.inside import INSIDE
from rehearsal.journey import JOURNEY, PASSWORD
from rehearsal.rolling import rehearse_instances, version_before
from rehearsal.table import Table
from rehearsal.visitor import Visitor
from scripts.paths import ROOT
from scripts.set_api_address import with_api_address
from server.classifier.packaged_file import packaged_file

RENDER_HOST = "telltale-rehearsal.onrender.com"
VERCEL_HOST = "telltale-rehearsal.vercel.app"
SECOND_BUILD_SECONDS = 60


def main() -> int:
    """Rehearse; 0 if everything went as it should, else 1. The last line says which."""
    # SIGTERM and a closed terminal stop everything in order too, as Ctrl-C does.
    for stop_signal in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop_signal, signal.default_int_handler)
    commit = _git("rev-parse", "HEAD")
    if _git("status", "--porcelain", "--untracked-files=no"):
        print("What is not committed is not rehearsed.")
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="telltale-rehearsal-"))
    try:
        rows = _rehearse(folder, commit)
    except RehearsalFailed as failure:
        print(f"\n{failure}\n\nThe rehearsal failed; what it built and logged is in {folder}.")
        return 1
    except KeyboardInterrupt:
        print(f"\nStopped. What was built and logged is in {folder}.")
        return 130
    shutil.rmtree(folder)
    minutes, seconds = divmod(int(time.monotonic() - started), 60)
    print(
        f"\nAll {rows} steps went as they should in {minutes} min {seconds} s: "
        f"commit {commit[:12]} is ready to deploy."
    )
    return 0


def _rehearse(folder: Path, commit: str) -> int:
    table = Table()
    with table.row("clone"):
        clone(folder / "clone", commit)
        table.saw(f"commit {commit[:12]} into an empty folder")
    with postgres_over_tcp(folder / "postgres", free_port()) as database_url:
        site = deployment(
            folder / "clone",
            port=free_port(),
            database_url=database_url,
            host=RENDER_HOST,
            asked_for={"CLIENT_ORIGINS": f"https://{VERCEL_HOST}"},
        )
        with table.row("build"):
            site.build()
            table.saw(site.service["buildCommand"])
        with table.row("second build"):
            seconds = site.build()
            if seconds > SECOND_BUILD_SECONDS:
                raise RehearsalFailed(f"It took {seconds:.0f} s: something is done again.")
            table.saw("nothing is done again")
        with site.running() as server:
            with table.row("start"):
                table.saw(f"healthy after {site.wait_until_healthy(server):.1f} s")
            with _visitors(folder, site) as rehearsal:
                for check in (*SERVING, *JOURNEY, *INSIDE):
                    with table.row(check.__name__.replace("_", " ")):
                        table.saw(check(rehearsal))
            with table.row("stop"):
                table.saw(f"ended {site.stop(server):.1f} s after SIGTERM")
        with temporary_database(database_url, "rolling") as rolling_url:
            _rehearse_rolling(table, folder, site, rolling_url, commit)
    return table.count


def _rehearse_rolling(
    table: Table, folder: Path, site: Deployment, database_url: str, commit: str
) -> None:
    earlier = version_before(commit, _git)
    clone(folder / "before" / "clone", earlier)
    before = deployment(
        folder / "before" / "clone",
        port=site.port,
        database_url=database_url,
        host=RENDER_HOST,
        asked_for={},
    )
    after = deployment(
        site.folder,
        port=site.port,
        database_url=database_url,
        host=RENDER_HOST,
        asked_for={},
        before=before,
    )
    try:
        rehearse_instances(table, after, before, earlier)
    except TimeoutError as error:
        raise RehearsalFailed(str(error)) from error


@contextmanager
def _visitors(folder: Path, site: Deployment) -> Iterator[Rehearsal]:
    certificate = make_certificate(folder, [RENDER_HOST, VERCEL_HOST])
    vercel_json = (site.folder / "vercel.json").read_text()
    vercel = Vercel(json.loads(with_api_address(vercel_json, f"https://{RENDER_HOST}")))
    client = site.folder / "client"
    with (
        serving(render_proxy(site.port), certificate) as render_port,
        serving(vercel_proxy(vercel, client, render_port, certificate), certificate) as vercel_port,
    ):
        yield Rehearsal(
            plain_address=f"http://127.0.0.1:{site.port}",
            render=Visitor(RENDER_HOST, render_port, certificate),
            stranger=Visitor(RENDER_HOST, render_port, certificate),
            vercel=Visitor(VERCEL_HOST, vercel_port, certificate),
            photo=packaged_file("scikit-image", "coffee.png").read_bytes(),
            expected_label="espresso",
            metrics_token=site.variables["METRICS_TOKEN"],
            log=site.log,
            secrets=[PASSWORD, site.variables["SECRET_KEY"], site.variables["METRICS_TOKEN"]],
        )


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
