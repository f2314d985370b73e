"""What a visit costs."""

import pytest
from playwright.sync_api import Page

from tests.browser.client.conftest import Visit
from tests.support.client_deployments import Deployments

pytestmark = [pytest.mark.browser, pytest.mark.live]

FIRST_VISIT_BYTES = 120_000
SAMPLES = "/components/sample-photos/sample-photos"
UNCHANGED_BYTES = 3_000  # what it takes to learn that there is no other version of the client


def test_a_first_visit_is_light_and_a_second_brings_nothing_but_the_api(
    visit: Visit, deployed: Deployments
) -> None:
    page = visit(service_workers="allow").context.new_page()
    first = _sent_for_a_visit(deployed, page)
    assert 0 < sum(first.values()) <= FIRST_VISIT_BYTES, first

    second = _sent_for_a_visit(deployed, page)
    unchanged = {path: size for path, size in second.items() if path != "/graphql"}
    assert sum(unchanged.values()) <= UNCHANGED_BYTES, unchanged
    assert set(unchanged) <= {
        *("/service-worker.js?language=en", "/assets/shell.js"),
        # What a newcomer is offered comes when it is known that nobody is here.
        *("/static/samples/all-small.webp", *(f"{SAMPLES}.{kind}" for kind in ("js", "css"))),
    }


def _sent_for_a_visit(deployed: Deployments, page: Page) -> dict[str, int]:
    """The bytes by path, headers included, of opening the first page and all that follows."""
    deployed.sent_by_api_host.clear()
    page.goto("/")
    page.locator("site-header nav").wait_for()
    page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    page.wait_for_load_state("networkidle")
    sizes: dict[str, int] = {}
    for path, size in deployed.sent_by_api_host:
        sizes[path] = sizes.get(path, 0) + size
    return sizes
