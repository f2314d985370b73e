"""What somebody sees who only tries it, who has many photos, or who comes on a bad day."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import FilePayload, Page

from screenshots.network import asleep, held, offline
from screenshots.taking import SCREENSHOTS, said, take
from screenshots.views import View, open_view
from server.classifier.packaged_file import packaged_file

PHOTO = View("photo", "#/", ready="photo-picker")
MANY = (
    *("coffee.png", "rocket.jpg", "horse.png", "motorcycle_left.png", "astronaut.png"),
    *("camera.png", "chelsea.png"),
)
DAMAGED = FilePayload(name="IMG_0042.jpg", mimeType="image/jpeg", buffer=b"\xff\xd8\xff half")
LONGER_THAN_PATIENCE = 120_000  # milliseconds


def show_photos(page: Page, names: Sequence[str]) -> None:
    """Show photos one by one, and wait for the answer to each."""
    page.wait_for_selector("photo-picker")
    for count, name in enumerate(names, start=1):
        choose(page, packaged_file("scikit-image", name))
        page.locator("photo-card[data-state=answered]").nth(count - 1).wait_for()


def choose(page: Page, *files: Path | FilePayload) -> None:
    """Choose photos, without a word about what becomes of them."""
    payloads = [
        FilePayload(name=file.name, mimeType="image/*", buffer=file.read_bytes())
        if isinstance(file, Path)
        else file
        for file in files
    ]
    page.locator("photo-picker input[multiple]").set_input_files(payloads)


def take_trial(page: Page, url: str, look: str) -> None:
    """Picture the first answer of somebody without an account, and when all tries are used."""
    open_view(page, url, View("welcome", "#/", ready="sample-photos button"))
    samples = page.locator("sample-photos button")
    samples.first.click()
    page.wait_for_selector("photo-card[data-state=answered] img")
    take(page, f"tried-{look}")
    for number in (1, 2, 3, 1):
        samples.nth(number).click()
    page.locator("photo-card[data-state=answered]").nth(4).wait_for()
    page.evaluate("scrollTo(0, 0)")
    take(page, f"tried-keep-{look}")
    samples.nth(2).click()
    page.locator("photo-card[data-state=held]").wait_for()
    page.locator("photo-card[data-state=held]").scroll_into_view_if_needed()
    take(page, f"tried-enough-{look}")


def take_refusals(page: Page, url: str, look: str) -> None:
    """Picture the doors, closed."""
    for name, password in (("log-in", "not my password"), ("register", "password")):
        open_view(page, url, View(name, f"#/{name}", ready="entry-form .primary"))
        page.fill("[name=email]", "ada@example.org")
        page.fill("[name=password]", password)
        page.click("entry-form .primary")
        page.locator("entry-form [role=alert]:not(:empty)").first.wait_for()
        take(page, f"{name}-refused-{look}")


def register(page: Page, url: str, email: str) -> None:
    """Create an account."""
    open_view(page, url, View("register", "#/register", ready="entry-form .primary"))
    page.fill("[name=email]", email)
    page.fill("[name=password]", "correct horse battery staple")
    page.click("entry-form .primary")
    page.wait_for_selector("site-header .tabs")


def take_job(page: Page, url: str, look: str) -> None:
    """Picture many photos on their way, and with two that failed."""
    open_view(page, url, PHOTO)
    page.wait_for_load_state("networkidle")
    photos = [packaged_file("scikit-image", name) for name in MANY]
    with held(page, after=3):
        choose(page, photos[0], DAMAGED, *photos[1:])
        page.locator("photo-card[data-state=answered]").nth(1).wait_for()
        take(page, f"job-{look}")
        page.evaluate("location.hash = '#/statistics'")
        page.wait_for_selector("statistics-view")
        take(page, f"job-elsewhere-{look}")
        page.evaluate("location.hash = '#/'")
    page.locator("photo-card[data-state=answered]").nth(len(MANY) - 1).wait_for()
    page.locator("photo-card[data-state=failed]").wait_for()
    take(page, f"job-failed-{look}")
    page.locator("photo-card[data-state=failed]").get_by_role(
        "button", name=said(page, "page.remove")
    ).click()


def take_bad_day(page: Page, url: str, look: str) -> None:
    """Picture a server that sleeps, one that can't be reached, and no network at all."""
    photo = packaged_file("scikit-image", "rocket.jpg")
    open_view(page, url, PHOTO)
    page.wait_for_load_state("networkidle")
    with offline(page):
        choose(page, photo)
        page.wait_for_selector("connection-notice p")
        take(page, f"offline-{look}")
    page.wait_for_selector("photo-card[data-state=answered]")
    with asleep(page):
        choose(page, photo)
        page.wait_for_selector("connection-notice p")
        take(page, f"waking-{look}")
        page.evaluate("location.hash = '#/history'")
        page.wait_for_selector("history-view")
        take(page, f"waking-history-{look}")
    page.wait_for_selector(".row img")
    open_view(page, url, PHOTO)
    page.wait_for_load_state("networkidle")
    page.clock.install()
    page.route("**/graphql", lambda route: route.abort())
    choose(page, photo)
    page.wait_for_selector("connection-notice p")
    page.clock.fast_forward(LONGER_THAN_PATIENCE)
    page.wait_for_selector("photo-card[data-state=failed]")
    page.clock.resume()
    take(page, f"unreachable-{look}")
    page.unroute("**/graphql")


def take_spent(page: Page, url: str, look: str) -> None:
    """Picture a day on which all photos are used up, at a site that allows two."""
    register(page, url, f"spent-{look}@example.org")
    show_photos(page, ("coffee.png", "chelsea.png"))
    choose(page, packaged_file("scikit-image", "rocket.jpg"))
    page.wait_for_selector("photo-card[data-state=failed]")
    take(page, f"spent-{look}")
    open_view(page, url, View("account", "#/account", ready="account-view progress"))
    take(page, f"spent-account-{look}")


def clear() -> None:
    """Remove the pictures of the last time: a state that is gone shall not seem to be there."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for picture in (*SCREENSHOTS.glob("*.png"), *SCREENSHOTS.glob("*.pdf")):
        picture.unlink()
