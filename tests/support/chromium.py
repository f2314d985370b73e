"""How the tests start a real Chromium."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = os.environ.get("TELLTALE_TEST_CHROMIUM", "/usr/bin/chromium")
FEATURES_OFF = (
    # Two pages of its own that Chromium loads with every window, for an address bar nobody sees:
    # without them a new visitor costs less than half.
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    # These Playwright switches off too; but only one list counts, the last.
    *("HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding"),
    *("NetworkTimeServiceQuerying", "OptimizationHints", "PreconnectToSearch"),
)
CHROMIUM_ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    f"--disable-features={','.join(FEATURES_OFF)}",
]


@contextmanager
def running_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()
