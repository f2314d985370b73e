"""Lessons: one that is old and learned, and one from its first photo on."""

from playwright.sync_api import Page

from screenshots.network import held
from screenshots.taking import press, said, take
from screenshots.views import View, open_view
from server.classifier.packaged_file import packaged_file

LESSON = {  # what is taught, by label
    "alive": ("chelsea.png", "astronaut.png", "horse.png"),
    "made": ("coffee.png", "rocket.jpg", "motorcycle_left.png"),
}
LESSONS = View("lessons", "#/lessons", ready="lessons-view [name=first]")


def begin_lesson(page: Page, url: str, name: str) -> None:
    """Start a lesson of two labels, which has no photo yet."""
    open_view(page, url, LESSONS)
    for field, text in zip(("name", "first", "second"), (name, *LESSON), strict=True):
        page.fill(f"lessons-view [name={field}]", text)
    page.click("lessons-view entry-form .primary")
    page.wait_for_selector("label-panel")


def add_photos(page: Page, label: str, *names: str) -> None:
    """Teach what a label shows."""
    panel = page.locator("label-panel", has_text=label)
    before = panel.locator("crop-image").count()
    panel.locator("input").set_input_files([packaged_file("scikit-image", name) for name in names])
    panel.locator("crop-image").nth(before + len(names) - 1).wait_for()


def learn(page: Page, version: int) -> None:
    """Let it learn, and wait until it has."""
    press(page, "lesson.learn", within=".main")
    page.locator("lesson-versions li").nth(version - 1).wait_for()


def teach(page: Page, url: str) -> None:
    """Have a lesson learn twice."""
    begin_lesson(page, url, "At home")
    for label, names in LESSON.items():
        add_photos(page, label, *names)
    learn(page, 1)
    add_photos(page, "made", "clock_motion.png")
    learn(page, 2)


def take_lesson(page: Page, url: str, look: str) -> None:
    """Picture a lesson, its camera, its trial, and two versions side by side."""
    open_view(page, url, LESSONS)
    page.click("lessons-view .lessons a")
    page.wait_for_selector("label-panel crop-image img")
    take(page, f"lesson-{look}")
    page.locator("lesson-versions li").last.scroll_into_view_if_needed()
    take(page, f"lesson-versions-{look}")
    press(page, "lesson.compare")
    page.locator("dialog[open] .body :is(li, p + p)").first.wait_for()
    take(page, f"lesson-compared-{look}")
    page.keyboard.press("Escape")
    page.locator("label-panel .example").first.click()
    page.locator("dialog[open]").wait_for()
    take(page, f"lesson-photo-{look}")
    page.keyboard.press("Escape")
    for name, way in (("camera", "lesson.camera"), ("trial", "lesson.tryIt")):
        press(page, way, within=".main")
        page.wait_for_selector("camera-dialog .primary:enabled")
        take(page, f"lesson-{name}-{look}")
        press(page, "page.done", within="camera-dialog")


def take_new_lesson(page: Page, url: str, look: str) -> None:
    """Picture a lesson from nothing to its first answer, and what would be deleted with it."""
    begin_lesson(page, url, "What I have")
    take(page, f"lesson-begun-{look}")
    add_photos(page, "alive", *LESSON["alive"])
    page.locator("label-panel").last.get_by_role(
        "button", name=said(page, "lesson.history")
    ).click()
    page.wait_for_selector("history-dialog crop-image img")
    page.locator("history-dialog input").first.check()
    take(page, f"lesson-history-{look}")
    page.keyboard.press("Escape")
    add_photos(page, "made", *LESSON["made"])
    page.evaluate("scrollTo(0, 0)")
    take(page, f"lesson-ready-{look}")
    with held(page):
        press(page, "lesson.learn", within=".main")
        take(page, f"lesson-learning-{look}")
    page.wait_for_selector("lesson-versions .used")
    take(page, f"lesson-learned-{look}")
    press(page, "lesson.tryIt", within=".main")
    page.wait_for_selector("camera-dialog .primary:enabled")
    files = page.locator("lesson-trial input[type=file]")
    files.set_input_files(packaged_file("scikit-image", "camera.png"))
    page.wait_for_selector("lesson-trial h2")
    press(page, "lesson.wrong", within="lesson-trial")
    take(page, f"lesson-tried-{look}")
    press(page, "page.done", within="camera-dialog")
    press(page, "lesson.delete")
    page.locator("dialog[open]").wait_for()
    take(page, f"lesson-delete-{look}")
    page.keyboard.press("Escape")
