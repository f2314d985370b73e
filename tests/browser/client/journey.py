"""What everybody does, wherever the client is served from."""

import csv
import io

from playwright.sync_api import Page, expect

from tests.browser.client.photo_page import PhotoPage, file


def predict_find_and_export(page: Page, cat: bytes) -> str:
    """Show a photo, find the answer by its label and link, save it as a file; return the label."""
    photos = PhotoPage(page)
    expect(page.get_by_role("button", name="Choose photos")).to_be_visible()
    photos.pick(file(cat))
    label = photos.label()
    page.get_by_role("link", name="History").click()
    page.get_by_text("Filter and order").click()
    page.get_by_label("Label", exact=True).fill(label)
    page.get_by_label("Label", exact=True).press("Enter")
    page.wait_for_url(lambda url: "label=" in url)
    row = page.locator(".row")
    expect(row.locator(".label")).to_have_text([label])
    expect(row.locator("img")).to_have_js_property("naturalWidth", 224)
    page.reload()
    expect(row.locator(".label")).to_have_text([label])

    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name=label, level=1)).to_be_visible()
    expect(page.get_by_alt_text("What the classifier saw")).to_have_js_property("naturalWidth", 224)
    page.go_back()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    rows = csv.DictReader(io.StringIO(download.value.path().read_text()))
    assert [saved["label"] for saved in rows] == [label]
    page.get_by_role("button", name="Done").click()
    return label
