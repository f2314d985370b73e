"""A component is its folder: nothing else has to know of it."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.photo_page import PhotoPage, file, png

pytestmark = [pytest.mark.browser, pytest.mark.live]

SUN_DIAL = {
    "components/sun-dial/sun-dial.js": """
        import { element } from "../../browser/element.js";
        import { DayChart } from "../day-chart/day-chart.js";
        export class SunDial extends HTMLElement {
          static parts = [DayChart];
          connectedCallback() { this.append(element("day-chart"), "It is noon."); }
        }""",
    "components/sun-dial/sun-dial.css": "@layer components { sun-dial { font-size: 42px } }",
}
LOAD = 'async () => (await import("/browser/components.js")).loadComponent("sun-dial")'
SHOW = 'document.querySelector("footer").append(document.createElement("sun-dial"))'


def test_a_folder_is_all_that_a_new_component_takes(visit: Visit) -> None:
    visitor = visit()
    visitor.excuse("blocked by Playwright")
    visitor.context.route("**/components/sun-dial/*", _serve_sun_dial)
    page = visitor.open()
    page.evaluate(LOAD)
    page.evaluate(SHOW)
    expect(page.get_by_text("It is noon.")).to_have_css("font-size", "42px")
    assert page.evaluate("customElements.get('day-chart') !== undefined")
    linked = "link[href='components/day-chart/day-chart.css']"
    expect(page.locator(linked)).to_have_count(1)


def test_a_component_that_could_not_be_fetched_is_fetched_again(visit: Visit) -> None:
    visitor = visit()
    visitor.excuse("blocked by Playwright|ERR_FAILED")
    visitor.context.route("**/connect-view.js", lambda route: route.abort())
    visitor.context.route("**/photo-card.js", lambda route: route.abort())
    page = visitor.open()
    photos = PhotoPage(page)
    photos.pick(file(png()))
    expect(page.locator("predict-view").get_by_text("One moment …")).to_be_visible()
    visitor.context.unroute("**/photo-card.js")
    photos.card("answered")
    expect(page.get_by_text("One moment …")).to_have_count(0)

    page.evaluate("location.hash = '#/connect'")
    told = page.locator("main").get_by_text("Check your connection, then try again.")
    expect(told).to_be_visible()
    visitor.context.unroute("**/connect-view.js")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("connect-view form")).to_be_visible()


def _serve_sun_dial(route: Route) -> None:
    path = urlsplit(route.request.url).path.removeprefix("/")
    kind = "text/css" if path.endswith(".css") else "text/javascript"
    route.fulfill(body=SUN_DIAL[path], content_type=kind)
