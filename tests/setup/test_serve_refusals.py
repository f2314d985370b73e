import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.setup.conftest import RunPython

CHECK = ("-m", "scripts.serve", "--check-only")
HOLD = """
import sys
from scripts.locks import claim, note
lock = claim("serve")
note(lock, "at http://127.0.0.1:8000 (`kill 1` stops it)")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_free_port_is_accepted(run_python: RunPython) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    answer = run_python(*CHECK, PORT=str(port))
    assert (answer.returncode, answer.stdout) == (0, "")


def test_a_taken_port_is_refused_with_a_way_out(run_python: RunPython) -> None:
    with socket.socket() as other_program:
        other_program.bind(("127.0.0.1", 0))
        other_program.listen()
        port = other_program.getsockname()[1]
        answer = run_python(*CHECK, PORT=str(port))
    assert answer.returncode == 1
    assert f"Port {port} is taken" in answer.stdout
    assert "make run PORT=" in answer.stdout


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "80.0"])
def test_a_port_that_is_none_is_refused(run_python: RunPython, port: str) -> None:
    answer = run_python(*CHECK, PORT=port)
    assert answer.returncode == 1
    assert "PORT is" in answer.stdout


def test_a_second_server_of_the_folder_is_refused_until_the_first_dies(
    checkout: Path, run_python: RunPython
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=checkout,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        refused = run_python(*CHECK, PORT="0")
        first.kill()
    assert refused.returncode == 1
    assert refused.stdout.startswith("Telltale already runs from this folder at http://127.0.0.1")
    assert "already runs" not in run_python(*CHECK, PORT="0").stdout
