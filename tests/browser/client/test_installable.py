"""The client as an app: a manifest, a shell that starts without a network, nobody's photo in it."""

import base64
import io
import json

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.photo_page import PhotoPage, file
from tests.support.client_account import Account

pytestmark = [pytest.mark.browser, pytest.mark.live]

NOT_OFFLINE = r"ERR_INTERNET_DISCONNECTED|Failed to load resource"
CACHED = """async () => {
  const paths = [];
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    paths.push(...requests.map(({ url }) => new URL(url).pathname));
  }
  return paths;
}"""
FETCHED = """async (path) => {
  const answer = await fetch(path);
  const letters = [...new Uint8Array(await answer.arrayBuffer())].map((byte) =>
    String.fromCharCode(byte));
  return [answer.headers.get("Content-Type"), btoa(letters.join(""))];
}"""
WORKER_IS_ACTIVE = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  if (active.state !== "activated")
    await new Promise((resolve) => active.addEventListener("statechange", resolve));
  return true;
}"""


@pytest.mark.in_every_deployment("each host sends the files in its own way")
def test_the_browser_finds_a_manifest_without_a_fault(visit: Visit) -> None:
    page = visit(service_workers="allow").open()
    session = page.context.new_cdp_session(page)
    found = session.send("Page.getAppManifest")
    assert found["errors"] == []
    manifest = json.loads(found["data"])
    assert manifest["name"] == "Telltale"
    assert manifest["display"] == "standalone"
    for field in ("start_url", "theme_color", "background_color", "short_name"):
        assert manifest[field]
    purposes = set()
    for icon in manifest["icons"]:
        purposes |= set(icon.get("purpose", "any").split())
        media_type, content = page.evaluate(FETCHED, icon["src"])
        assert media_type == icon["type"]
        if icon["type"] == "image/png":
            with Image.open(io.BytesIO(base64.b64decode(content))) as picture:
                assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert purposes == {"any", "maskable"}
    media_type, _ = page.evaluate(FETCHED, "manifest.webmanifest")
    assert media_type.startswith("application/manifest+json")


@pytest.mark.in_every_deployment("each host sends the files in its own way")
def test_the_shell_is_cached_and_no_answer_or_crop(visit: Visit, collector: Account) -> None:
    page = _installed(visit(collector, service_workers="allow").open("#/history"))
    page.reload()
    image = page.locator("history-list img").first
    expect(image).to_have_js_property("naturalWidth", 224)
    page.get_by_role("link", name="Statistics").click()
    expect(page.get_by_text("13 answers in your history")).to_be_visible()

    cached = page.evaluate(CACHED)
    assert {"/", "/main.js", "/styles/tokens.css", "/assets/figtree.woff2"} <= set(cached)
    assert [path for path in cached if path.startswith("/words/")] == [
        "/words/en/first.js",
        "/words/en/later.js",
    ]
    folders = ("assets", "browser", "components", "icons", "models", "styles", "words")
    allowed = tuple(f"/{folder}/" for folder in folders)
    files = {"/", "/main.js", "/routes.js", "/configuration.js", "/manifest.webmanifest"}
    assert [path for path in cached if path not in files and not path.startswith(allowed)] == []


@pytest.mark.in_every_deployment("each host sends the files in its own way")
def test_it_starts_offline_with_a_sentence_and_goes_on_online(
    visit: Visit, collector: Account
) -> None:
    visitor = visit(collector, service_workers="allow")
    visitor.excuse(NOT_OFFLINE)
    page = _installed(visitor.open())
    page.reload()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="Your history")).to_be_visible()

    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("You’re offline. Your photos")).to_be_visible()
    expect(page.get_by_text("this page needs a connection")).to_be_visible()
    page.get_by_role("link", name="Show Telltale a photo").click()
    expect(page.get_by_role("button", name="Choose photos")).to_be_visible()
    page.go_back()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Your history")).to_be_visible()
    expect(page.locator("connection-notice")).to_be_empty()


@pytest.mark.in_every_deployment("each host sends the files in its own way")
def test_it_works_without_what_the_build_adds(visit: Visit, account: Account, cat: bytes) -> None:
    visitor = visit(account)
    visitor.excuse(r"Failed to load resource|blocked by Playwright")
    visitor.context.route("**/assets/**", lambda route: route.abort())
    photos = PhotoPage(visitor.open())
    photos.pick(file(cat))
    label = photos.label()
    photos.page.get_by_role("link", name="History").click()
    expect(photos.page.locator(".row .label")).to_have_text([label])


def _installed(page: Page) -> Page:
    assert page.evaluate(WORKER_IS_ACTIVE)
    return page
