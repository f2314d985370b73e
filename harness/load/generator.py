"""Sends a load over kept connections, in a process of its own that costs little."""

import json
import subprocess
from pathlib import Path

from harness.installed import do, our, packages_step
from harness.load.requests import Load, Run, run_of
from scripts.paths import BUILD

GENERATOR = Path(__file__).parent
PACKAGES = BUILD / "harness" / "generator"
CLIENTS = 8
TIMEOUT_SECONDS = 30
WARM_UP_SECONDS = 0.7


class Generator:
    """Sends loads; what it needs is installed and written once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._packages = _packages()
        self._plans: dict[int, Path] = {}

    def send(
        self,
        load: Load,
        *,
        seconds: float,
        clients: int = CLIENTS,
        warm_up_seconds: float = WARM_UP_SECONDS,
    ) -> Run:
        """Keep `clients` connections busy, and count once it is warm."""
        command = [our("node"), GENERATOR / "generate.mjs", self._packages, self._plan(load)]
        answer = subprocess.run(
            [*map(str, command), str(clients), str(warm_up_seconds), str(seconds)],
            stdout=subprocess.PIPE,
            check=True,
        )
        return run_of(json.loads(answer.stdout))

    def _plan(self, load: Load) -> Path:
        """Write a load for the generator, bodies in files of their own."""
        known = self._plans.get(id(load))
        if known is not None:
            return known
        folder = self._folder / f"load-{len(self._plans)}"
        folder.mkdir()
        requests = []
        for number, request in enumerate(load.requests):
            entry = {"method": request.method, "path": request.path, "headers": request.headers}
            if request.body is not None:
                file = folder / f"{number}.body"
                file.write_bytes(request.body)
                entry["bodyFile"] = str(file)
            requests.append(entry)
        plan = folder / "plan.json"
        content = {
            "port": load.port,
            "requests": requests,
            "marker": load.marker,
            "occurrences": load.occurrences,
            "timeoutSeconds": TIMEOUT_SECONDS,
        }
        plan.write_text(json.dumps(content), encoding="utf-8")
        self._plans[id(load)] = plan
        return plan


def _packages() -> Path:
    """Install what the generator needs, for the Node.js that the checkout uses."""
    do(packages_step(PACKAGES, GENERATOR, lambda: our("npm")))
    return PACKAGES
