"""From registering to deleting the account with sgqlc: operations built from generated types."""

import base64
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from session import CREDENTIALS, PHOTO, TOKEN_WISH, URL, session_headers, tell, token_headers
from sgqlc.endpoint.http import HTTPEndpoint
from sgqlc.operation import Operation
from sgqlc.types import Arg, Variable, non_null
from telltale_schema import telltale_schema as schema


def operation(**variables: object) -> Operation:
    """Return an empty mutation."""
    return Operation(schema.Mutation, variables=variables)


def ask(endpoint: HTTPEndpoint, asked: Operation, **variables: object) -> object:
    """Send an operation; its answer as the generated types."""
    return asked + endpoint(asked, variables=variables)


def predict(endpoint: HTTPEndpoint, photo: bytes) -> object:
    """Send a photo as base64, in a variable: a document may not be as large."""
    asked = operation(input=Arg(non_null(schema.PredictInput)))
    payload = asked.predict(input=Variable("input"))
    payload.prediction.__fields__("id", "label", "file_name")
    payload.errors.__fields__("code", "message", "retry_after_seconds")
    image = {"base64": base64.b64encode(photo).decode()}
    return ask(endpoint, asked, input={"image": image, "fileName": "coffee.png"}).predict


def delete(endpoint: HTTPEndpoint, key: str) -> object:
    """Delete a prediction."""
    asked = operation()
    payload = asked.delete_prediction(input={"id": key})
    payload.deleted_id()
    payload.errors.code()
    return ask(endpoint, asked).delete_prediction


def history(endpoint: HTTPEndpoint) -> list[str]:
    """Read a page of history."""
    asked = Operation(schema.Query)
    page = asked.viewer.history(first=1, filter={"min_confidence": 0.5})
    page.nodes.label()
    page.page_info.has_next_page()
    return [node.label for node in ask(endpoint, asked).viewer.history.nodes]


def secret_of_new_account() -> tuple[HTTPEndpoint, str]:
    """Register; the endpoint of the session, and the secret of a token."""
    cookies = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    asked = operation()
    asked.register(input=CREDENTIALS).errors.code()
    ask(HTTPEndpoint(URL, urlopen=opener.open), asked)
    session = HTTPEndpoint(URL, session_headers({each.name: each.value for each in cookies}))
    asked = operation()
    payload = asked.create_api_token(input=TOKEN_WISH)
    payload.secret()
    payload.errors.code()
    return session, ask(session, asked).create_api_token.secret


def main() -> None:
    """Register, predict, read, delete."""
    session, secret = secret_of_new_account()
    token = HTTPEndpoint(URL, token_headers(secret))
    prediction = predict(token, Path(PHOTO).read_bytes()).prediction
    refused = predict(token, b"no photo")
    labels = history(token)
    deletion = delete(token, prediction.id)
    gone = delete(token, prediction.id)
    asked = operation()
    payload = asked.delete_account(input={"current_password": CREDENTIALS["password"]})
    payload.viewer.email()
    payload.errors.code()
    left = ask(session, asked).delete_account
    tell(
        {
            "label": prediction.label,
            "history": labels,
            "refused": refused.errors[0].code,
            "deleted": deletion.deleted_id == prediction.id,
            "gone": gone.errors[0].code,
            "viewer": left.__json_data__["viewer"],
        }
    )


main()
