"""The first page of the client in the hands of somebody with photos."""

import base64
import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import FilePayload, JSHandle, Locator, Page, expect

DROP_HERE = "Drop your photos here"
_TRANSFER = """async ([names, types, texts]) => {
  const transfer = new DataTransfer();
  for (const [index, text] of texts.entries()) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], names[index], { type: types[index] }));
  }
  return transfer;
}"""


def file(content: bytes, name: str = "photo.png", media_type: str = "image/png") -> FilePayload:
    """A file as a person picks it."""
    return FilePayload(name=name, mimeType=media_type, buffer=content)


def png(color: str = "red", size: tuple[int, int] = (300, 200)) -> bytes:
    """A small picture of nothing."""
    content = io.BytesIO()
    Image.new("RGB", size, color).save(content, "PNG")
    return content.getvalue()


def transfer_of(page: Page, *files: FilePayload) -> JSHandle:
    """Files as a drop brings them."""
    texts = [base64.b64encode(item["buffer"]).decode() for item in files]
    names = [item["name"] for item in files]
    types = [item["mimeType"] for item in files]
    return page.evaluate_handle(_TRANSFER, [names, types, texts])


class PhotoPage:
    """The page `#/`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cards = page.locator("photo-card")

    def pick(self, *files: FilePayload | Path) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Choose photos").click()
        chooser.value.set_files(list(files))  # type: ignore[arg-type] # all of one kind

    def drop(self, *files: FilePayload) -> None:
        """Drop files anywhere on the page."""
        transfer = transfer_of(self.page, *files)
        self.page.dispatch_event("footer", "dragover", {"dataTransfer": transfer})
        expect(self.page.locator("html")).to_have_attribute("data-drop", DROP_HERE)
        self.page.dispatch_event("footer", "drop", {"dataTransfer": transfer})

    def card(self, state: str | None = None) -> Locator:
        """The latest photo, once it is in a state."""
        card = self.cards.first
        if state is not None:
            expect(card).to_have_attribute("data-state", state)
        return card

    def label(self) -> str:
        """What the latest photo was told to be."""
        return self.card("answered").locator(".seen .label").first.inner_text()
