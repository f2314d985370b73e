"""A GraphQL client for tests: Django's own test client, with sessions, CSRF, tokens and files."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

PASSWORD = "correct horse battery 9"
PREDICT = """
mutation Predict($input: PredictInput!) {
  predict(input: $input) {
    prediction {
      id createdAt label confidence durationMs
      scores { label probability }
      model { id name version }
      image { width height format bytes sha256 url }
    }
    errors { code message field }
  }
}
"""


@dataclass(frozen=True)
class Answer:
    """What `/graphql` answered."""

    http: HttpResponse

    @property
    def status(self) -> int:
        return self.http.status_code

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.http.content)

    @property
    def data(self) -> Any:  # noqa: ANN401 - whatever was selected
        """The data of an answer without top-level errors."""
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def codes(self) -> list[str]:
        """The codes of the top-level errors."""
        return [error["extensions"]["code"] for error in self.body.get("errors", [])]


class Api:
    """Somebody with a client of their own: cookies are kept, CSRF is enforced and followed."""

    def __init__(self) -> None:
        self.http = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def execute(self, document: str, *, token: str | None = None, **variables: object) -> Answer:
        """Send JSON."""
        body = json.dumps({"query": document, "variables": variables})
        return Answer(
            self.http.post(
                "/graphql", body, content_type="application/json", headers=self.headers(token)
            )
        )

    def upload(
        self,
        image: bytes,
        *,
        token: str | None = None,
        document: str = PREDICT,
        **options: object,
    ) -> Answer:
        """Predict by a multipart request."""
        variables = {"input": {"image": {"upload": None}, **options}}
        form = {
            "operations": json.dumps({"query": document, "variables": variables}),
            "map": json.dumps({"photo": ["variables.input.image.upload"]}),
            "photo": SimpleUploadedFile("photo.jpg", image, "image/jpeg"),
        }
        return Answer(self.http.post("/graphql", form, headers=self.headers(token)))

    def predict(self, image: bytes, *, token: str | None = None, **options: object) -> Answer:
        """Predict by base64."""
        photo = {"base64": base64.b64encode(image).decode()}
        return self.execute(PREDICT, token=token, input={"image": photo, **options})

    def register(self, email: str, password: str = PASSWORD) -> Answer:
        """Make an account; the client holds its session afterwards."""
        return self.execute(
            "mutation ($input: RegisterInput!) { register(input: $input) {"
            " user { id email dateJoined } errors { code message field } } }",
            input={"email": email, "password": password},
        )

    def create_token(self, *scopes: str, **options: object) -> str:
        """Make a personal access token of the session's user and return its secret."""
        answer = self.execute(
            "mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) {"
            " secret errors { code } } }",
            input={"name": "a token", "scopes": scopes, **options},
        )
        return str(answer.data["createApiToken"]["secret"])

    def headers(self, token: str | None = None) -> Mapping[str, str]:
        """The headers a client sends: a bearer, or the CSRF token of its cookie."""
        if token is not None:
            return {"Authorization": f"Bearer {token}"}
        cookie = self.http.cookies.get("csrftoken")
        return {"X-CSRFToken": cookie.value} if cookie else {}
