"""Programs of the benchmark that run with the server's code, in an environment of its own."""

import json
import subprocess
import sys
from typing import Any

from harness.environment import production_environment
from scripts.paths import ROOT


def told_by(module: str, database_url: str, *arguments: str) -> Any:  # noqa: ANN401 - its own
    """Run a module to its end on a database; return what it prints, which is JSON."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=production_environment(database_url, {}),
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)
