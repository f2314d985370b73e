"""The playground in the hands of somebody with a mouse and a keyboard."""

import base64
import json
from typing import Any

from playwright.sync_api import FilePayload, Page, Response, expect

ATTEMPTS = 100
ACTIVE_TAB = ".graphiql-tab-active .graphiql-tab-button"
EDITORS = {
    "query": ".graphiql-query-editor .CodeMirror",
    "variables": ".graphiql-editor-tool .graphiql-editor:nth-child(1) .CodeMirror",
    "headers": ".graphiql-editor-tool .graphiql-editor:nth-child(2) .CodeMirror",
    "response": ".graphiql-response .CodeMirror",
}


class Playground:
    """An open playground."""

    def __init__(self, page: Page, path: str = "/graphql") -> None:
        self.page = page
        page.goto(path)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        expect(self.page.locator("#account")).not_to_have_text("…")
        self.page.locator(EDITORS["headers"]).wait_for(state="attached")

    def text(self, editor: str) -> str:
        self.page.locator(EDITORS[editor]).wait_for(state="attached")
        return str(
            self.page.eval_on_selector(EDITORS[editor], "(node) => node.CodeMirror.getValue()")
        )

    def write(self, editor: str, text: str) -> None:
        self.page.eval_on_selector(
            EDITORS[editor], "(node, text) => node.CodeMirror.setValue(text)", text
        )

    def variables(self) -> Any:  # noqa: ANN401 - whatever JSON
        return json.loads(self.text("variables"))

    def open_tab(self, title: str) -> None:
        self.page.get_by_role("tab", name=title).get_by_role("button", name=title).click()
        expect(self.page.locator(ACTIVE_TAB)).to_have_text(title)
        self.wait_for_operation(title)

    def wait_for_operation(self, name: str) -> None:
        """GraphiQL reads a document a tenth of a second after it has changed."""
        self.page.wait_for_function(
            """([selector, name]) =>
                document.querySelector(selector).CodeMirror.operationName === name""",
            arg=[EDITORS["query"], name],
        )

    def run(self, operation: str | None = None) -> Any:  # noqa: ANN401 - whatever was selected
        """Press the button, choose the operation where there are several, return the response."""
        with self.page.expect_response(_answers_an_operation) as answer:
            self.page.get_by_role("button", name="Execute query").click()
            if operation is not None:
                self.page.get_by_role("menuitem", name=operation).click()
        self.page.wait_for_function(
            """([selector, body]) => document.querySelector(selector).CodeMirror.getValue()
                === JSON.stringify(JSON.parse(body), null, 2)""",
            arg=[EDITORS["response"], answer.value.text()],
        )
        return answer.value.json()

    def pick_photo(self, photo: bytes, name: str = "photo.png") -> None:
        self.pick_file(photo, name)
        expect(self.page.locator("#notice")).to_contain_text(f"{name} (")
        self.wait_for_operation("Predict")

    def pick_file(self, content: bytes, name: str) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Photo").click()
        chooser.value.set_files(FilePayload(name=name, mimeType="image/png", buffer=content))

    def photo(self) -> bytes:
        """The photo in the variables, which come a moment after their tab."""
        for _ in range(ATTEMPTS):
            if text := self.variables()["input"]["image"]["base64"]:
                return base64.b64decode(text, validate=True)
            self.page.wait_for_timeout(100)
        raise AssertionError("no photo has come into the variables")

    def stored(self) -> str:
        """Everything GraphiQL has put away, once its delay of half a second is over."""
        self.page.wait_for_timeout(800)
        return str(self.page.evaluate("JSON.stringify({...localStorage})"))


def _answers_an_operation(response: Response) -> bool:
    body = response.request.post_data or ""
    return "operationName" in body and "IntrospectionQuery" not in body
