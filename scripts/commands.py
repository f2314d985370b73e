"""Runs a command quietly, with one line of progress, and shows its log only if it fails."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.paths import LOGS, ROOT

LOG_TAIL_LINES = 40


class CommandFailed(Exception):
    """A command ended with an error."""

    def __init__(self, name: str, log: Path, exit_code: int) -> None:
        super().__init__(name, log, exit_code)
        self.name = name
        self.log = log
        self.exit_code = exit_code

    def log_tail(self) -> str:
        """The last lines of what the command wrote."""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-LOG_TAIL_LINES:])


def run_quietly(
    name: str,
    commands: Sequence[Sequence[str | Path]],
    *,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run `commands` one after the other, their output to a log named after `name`.

    Raises:
        CommandFailed: one of them ended with an error; the rest is not run.
    """
    print(f"  {name} ...", end="", flush=True)
    started = time.monotonic()
    try:
        _run_all(name, commands, environment or {}, shows_seconds=sys.stdout.isatty())
    except CommandFailed:
        _finish(name, f"failed after {time.monotonic() - started:.0f} s")
        raise
    _finish(name, f"{time.monotonic() - started:.1f} s")


def run_side_by_side(
    commands: Mapping[str, Sequence[str | Path]], *, at_once: int
) -> list[CommandFailed]:
    """Run commands by name, some at once, and return those that failed, in their order.

    Each has its line when it ends, and its log after that line if it failed.
    """

    def run(named: tuple[str, Sequence[str | Path]]) -> CommandFailed | None:
        name, command = named
        started = time.monotonic()
        try:
            _run_all(name, [command], {}, shows_seconds=False)
        except CommandFailed as failure:
            seconds = time.monotonic() - started
            print(f"  {name} ... failed after {seconds:.0f} s\n{failure.log_tail()}\n", flush=True)
            return failure
        print(f"  {name} ... {time.monotonic() - started:.1f} s", flush=True)
        return None

    with ThreadPoolExecutor(at_once) as pool:
        try:
            return [failure for failure in pool.map(run, commands.items()) if failure is not None]
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)  # begin none of those that wait
            raise


def _run_all(
    name: str,
    commands: Sequence[Sequence[str | Path]],
    environment: Mapping[str, str],
    *,
    shows_seconds: bool,
) -> None:
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name.lower().replace(' ', '-')}.log"
    started = time.monotonic()
    with log.open("w") as output:
        for command in commands:
            shown_since = started if shows_seconds else None
            exit_code = _run(name, command, output.fileno(), shown_since, environment)
            if exit_code != 0:
                raise CommandFailed(name, log, exit_code)


def _run(
    name: str,
    command: Sequence[str | Path],
    output: int,
    shown_since: float | None,
    environment: Mapping[str, str],
) -> int:
    os.write(output, f"$ {' '.join(str(part) for part in command)}\n".encode())
    try:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    except FileNotFoundError as error:
        os.write(output, f"{error}\n".encode())
        return 127
    with process:
        while True:
            try:
                return process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                if shown_since is not None:
                    seconds = time.monotonic() - shown_since
                    print(f"\r  {name} ... {seconds:.0f} s", end="", flush=True)
            except KeyboardInterrupt:
                process.terminate()  # a pip or npm of another process group would live on
                raise


def _finish(name: str, outcome: str) -> None:
    if sys.stdout.isatty():
        print(f"\r  {name} ... {outcome}   ", flush=True)
    else:
        print(f" {outcome}", flush=True)
