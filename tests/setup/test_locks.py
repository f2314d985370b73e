import subprocess
import sys
from pathlib import Path

WORK = """
import sys
from scripts.locks import one_at_a_time
with one_at_a_time("setup", waiting="waiting"):
    print("working", flush=True)
    sys.stdin.read()
"""


def test_the_second_says_that_it_waits_and_goes_on_when_the_first_is_killed(
    checkout: Path,
) -> None:
    with _work(checkout) as first, _work_after(first, checkout) as second:
        assert second.stdout is not None
        assert second.stdout.readline() == "waiting\n"
        first.kill()
        output, _ = second.communicate(timeout=30)
    assert output == "working\n"
    assert second.returncode == 0


def _work_after(first: "subprocess.Popen[str]", checkout: Path) -> "subprocess.Popen[str]":
    assert first.stdout is not None
    assert first.stdout.readline() == "working\n"
    return _work(checkout)


def _work(checkout: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WORK],
        cwd=checkout,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
