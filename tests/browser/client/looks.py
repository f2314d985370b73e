"""What is wrong with how a page looks, and is read aloud."""

from collections.abc import Iterator
from functools import cache

from playwright.sync_api import Page

from scripts.paths import NODE_MODULES
from tests.browser.client.views import View

WIDTHS = (320, 390, 768, 1280, 1920)
LEAST_TOUCH_PIXELS = 44
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
VIOLATIONS = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  const sprite = await (await fetch("assets/icons.svg")).text();
  const icons = [...document.querySelectorAll("use")].map((use) => use.getAttribute("href"));
  const undrawn = icons.filter((icon) => !sprite.includes(`id="${icon.split("#")[1]}"`));
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`))
    .concat(undrawn);
}"""
OVERFLOW = """() => {
  const root = document.documentElement;
  const inset = (node) => getComputedStyle(node).overflowX !== "visible";
  const isClipped = ({ parentElement: parent }) =>
    parent && parent !== root && (inset(parent) || isClipped(parent));
  const wide = [...document.body.querySelectorAll("*")].filter((node) => {
    const { left, right, width } = node.getBoundingClientRect();
    return width > 1 && (left < -1 || right > root.clientWidth + 1) && !isClipped(node);
  });
  if (root.scrollWidth <= root.clientWidth) return [];
  const culprits = wide.map((node) => node.outerHTML.slice(0, 120));
  return [`${root.scrollWidth} of ${root.clientWidth}`, ...culprits];
}"""
# Links within sentences are as high as their line; what is ticked is pressed by its label or row.
TOO_SMALL = """(least) => [...document.querySelectorAll("button, .button, select, summary, input")]
  .map((node) => node.closest("label, .row") ?? node)
  .filter((node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((node) => !node.closest(".site-footer"))
  .filter((node) => {
    const { width, height } = node.getBoundingClientRect();
    return Math.min(width, height) < least && Math.max(width, height) > 1;
  })
  .map((node) => node.outerHTML.slice(0, 120))"""


def violations(page: Page, view: View | None = None) -> list[str]:
    """What axe finds on the page, or on a view that is opened first; and icons that are none."""
    if view is not None:
        view.open(page)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    found: list[str] = page.evaluate(VIOLATIONS)
    return found


def overflows(page: Page) -> Iterator[tuple[str, list[str]]]:
    """What is wider than the window, by the widths at which anything is."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if told := page.evaluate(OVERFLOW):
            yield str(width), told


def too_small(page: Page) -> list[str]:
    """What a finger may miss on the narrowest phone."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 640})
    found: list[str] = page.evaluate(TOO_SMALL, LEAST_TOUCH_PIXELS)
    return found


@cache
def _axe() -> str:
    return f"() => {{ {AXE.read_text()} }}"
