"""Finds a Chromium for the browser tests, or installs one: `python -m scripts.find_chromium`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

CHOSEN_BY = "TELLTALE_TEST_CHROMIUM"
SHELL = "chromium-headless-shell"  # without windows: a fifth less work for the same pages
COMMANDS = (SHELL, "chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
MACOS_APPLICATION = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
INSTALL_TIMEOUT_SECONDS = 600


def find_chromium() -> Path | None:
    """The executable to test with: the chosen one, the system's, or Playwright's own; else None."""
    return next((path for path in _candidates() if _runs(path)), None)


def install_chromium() -> None:
    """Install Playwright's Chromium, or where it cannot be downloaded the distribution's."""
    playwright = [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
    if _succeeds(playwright) and find_chromium() is not None:
        return
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    install = [*as_root, "apt-get", "install", "-y", "--no-install-recommends"]
    if _succeeds([*as_root, "apt-get", "update"]) and not _succeeds([*install, SHELL]):
        _succeeds([*install, "chromium"])


def _candidates() -> Iterator[Path]:
    if chosen := os.environ.get(CHOSEN_BY):
        yield Path(chosen)
        return
    for command in COMMANDS:
        if found := shutil.which(command):
            yield Path(found)
    yield MACOS_APPLICATION
    with sync_playwright() as playwright:
        yield Path(playwright.chromium.executable_path)


def _runs(path: Path) -> bool:
    # Ubuntu's chromium-browser is a script that only advertises a snap, so it has to prove itself.
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _succeeds(command: list[str]) -> bool:
    try:
        completed = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            timeout=INSTALL_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return False
    return completed.returncode == 0


def main() -> int:
    """Print the executable's path; 1 after a sentence if there is none to be had."""
    if find_chromium() is None and CHOSEN_BY not in os.environ:
        install_chromium()
    chromium = find_chromium()
    if chromium is None:
        print(
            f"The browser tests need Chromium, and none could be installed: install it, or set "
            f"{CHOSEN_BY} to the path of one.",
            file=sys.stderr,
        )
        return 1
    print(chromium)
    return 0


if __name__ == "__main__":
    sys.exit(main())
