"""On what, and of what, a benchmark was run."""

import json
import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

from scripts.paths import ROOT

PACKAGES = ("django", "strawberry-graphql", "onnxruntime", "gunicorn", "pillow", "psycopg2-binary")
PIN_OF_PEER = re.compile(r"^([\w-]+)(?:\[\w+\])?==([\w.]+) +# the peer", re.MULTILINE)


def description() -> dict[str, object]:
    """Return commit, versions and machine; a checkout with changes says so."""
    changes = _git("status", "--porcelain", "--untracked-files=no", "--", "server")
    return {
        "commit": _git("rev-parse", "--short=12", "HEAD") + ("+changes" if changes else ""),
        "versions": {"python": platform.python_version()}
        | {package: version(package) for package in PACKAGES},
        "peers": _peer_versions(),
        "machine": {
            "cpu": _processor(),
            "cores": os.cpu_count(),
            "memory_gib": round(
                os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1
            ),
            "system": f"{platform.system()} {platform.release()}",
            "load_average": [round(load, 1) for load in os.getloadavg()],
        },
    }


def _peer_versions() -> dict[str, str]:
    """Return what is pinned of the peers and of the load generator."""
    requirements = sorted((ROOT / "benchmarks").glob("peers/*/requirements.txt"))
    pins = "".join(path.read_text(encoding="utf-8") for path in requirements)
    packages = [ROOT / name for name in ("benchmarks/peers/postgraphile", "harness/load")]
    asked_for = [json.loads((folder / "package.json").read_text()) for folder in packages]
    return dict(PIN_OF_PEER.findall(pins)) | {
        name: number for package in asked_for for name, number in package["dependencies"].items()
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.is_file() else []
    name = next((line for line in lines if line.startswith("model name")), "")
    return name.partition(":")[2].strip() or platform.processor() or platform.machine()


def _git(*arguments: str) -> str:
    git = ["git", *arguments]
    return subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
