"""The pages of lessons, and a camera that shows real photos."""

import base64
import re
from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect

# Moved a little with each frame, as by a hand: no two photos are the same.
SHOW = """async (texts) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const decoded = (text) => createImageBitmap(new Blob([bytes(text)]));
  const pictures = await Promise.all(texts.map(decoded));
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const context = canvas.getContext("2d");
  let frame = 0;
  window.shown = 0;
  setInterval(() => {
    frame += 1;
    const { width, height } = pictures[window.shown];
    const side = Math.min(width, height * 4 / 3) * (0.8 + 0.19 * Math.sin(frame / 7));
    const [x, y] = [width - side, height - side * 3 / 4].map((room, axis) =>
      room * (0.5 + 0.5 * Math.sin(frame / (5 + axis))));
    context.drawImage(pictures[window.shown], x, y, side, side * 3 / 4, 0, 0, 640, 480);
  }, 20);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();
}"""
# Such as a person waits for, who turns the camera to something else.
TURN = """async (index) => {
  window.shown = index;
  const video = document.querySelector("video");
  for (let frames = 0; frames < 3; frames += 1)
    await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
}"""


class LessonPage:
    """The page of one lesson."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said = page.locator("lesson-view > .said")

    def begin(self, name: str, first: str, second: str) -> None:
        """Start a lesson on the page `#/lessons`."""
        self.page.get_by_label("What it is about").fill(name)
        self.page.get_by_label("One kind of thing").fill(first)
        self.page.get_by_label("Another kind").fill(second)
        self.page.get_by_role("button", name="Start").click()
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_focused()

    def label(self, name: str) -> Locator:
        return self.page.locator("label-panel").filter(
            has=self.page.get_by_role("heading", name=re.compile(f"^{name}"))
        )

    def hold(self, photos: Sequence[bytes]) -> None:
        """Have these before the camera."""
        self.page.evaluate(SHOW, [base64.b64encode(photo).decode() for photo in photos])

    def turn_to(self, index: int) -> None:
        """Point the camera, which is open, at one of the photos."""
        self.page.evaluate(TURN, index)

    def press(self, times: int) -> None:
        """Take so many photos of the label that is chosen."""
        count = self.page.locator(".chip input:checked + span .count")
        before = int(count.inner_text())
        for number in range(1, times + 1):
            self.page.get_by_role("button", name="Take the photo").click()
            expect(count).to_have_text(str(before + number))
            self.turn_to(self.page.evaluate("window.shown"))

    def ask(self) -> Locator:
        """Ask what the camera sees, and return what is answered."""
        answer = self.page.locator("lesson-trial .answer")
        self.page.get_by_role("button", name="What is this?").click()
        expect(answer.get_by_role("heading")).to_be_visible()
        return answer

    def done(self) -> None:
        self.page.get_by_role("button", name="Done").click()
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def learn(self) -> None:
        self.page.get_by_role("button", name="Let it learn").click()
        expect(self.said).to_contain_text("Try it!")
