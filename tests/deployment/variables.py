"""Which environment variables the server reads, as it tells itself."""

import json
import os
import subprocess
import sys
from functools import cache

from scripts.paths import ROOT

# Read by the platform, gunicorn or Django themselves.
PLATFORM_VARIABLES = {
    "DJANGO_SETTINGS_MODULE",
    "GUNICORN_CMD_ARGS",
    "PORT",
    "PYTHON_VERSION",
    "RENDER",
}
REQUIRED = {
    "SECRET_KEY": "a key of fifty characters and more, as random as it gets",
    "DATABASE_URL": "postgres://somebody:pa55word@host.example/telltale",
    "RENDER_EXTERNAL_HOSTNAME": "telltale.example",
}
LIST = """
import dataclasses, json, sys
import {settings}, server.gunicorn_configuration
from server.environment import VARIABLES
json.dump([dataclasses.asdict(variable) for variable in VARIABLES.values()], sys.stdout)
"""


def run_python(
    code: str, variables: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run code in the checkout with an environment that holds `variables` and a PATH."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **(variables or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@cache
def variables_of(settings: str) -> dict[str, dict[str, str | None]]:
    """The variables that a settings module and gunicorn's configuration read, by name."""
    answer = run_python(LIST.format(settings=settings), REQUIRED)
    assert answer.returncode == 0, answer.stderr
    return {variable["name"]: variable for variable in json.loads(answer.stdout)}
