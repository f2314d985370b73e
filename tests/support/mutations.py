"""Mutations sent by name, and what is read off their answers."""

from typing import Any

from tests.support.api import PASSWORD, Answer, Api


def mutate(
    client: Api, mutation: str, fields: str = "", *, token: str | None = None, **options: object
) -> Answer:
    """Send one mutation; the options are the members of its input."""
    name = mutation[0].upper() + mutation[1:]
    selection = f"{{ {fields} errors {{ code message field }} }}"
    if not options:
        return client.execute(f"mutation {{ {mutation} {selection} }}", token=token)
    document = f"mutation ($input: {name}Input!) {{ {mutation}(input: $input) {selection} }}"
    return client.execute(document, token=token, input=options)


def log_in(client: Api, email: str, password: str = PASSWORD) -> Answer:
    """Begin a session."""
    return mutate(client, "logIn", "user { id email }", email=email, password=password)


def payload(answer: Answer) -> dict[str, Any]:
    """The payload of the one mutation of an answer."""
    payloads: list[dict[str, Any]] = list(answer.data.values())
    (only,) = payloads
    return only


def error_codes(answer: Answer) -> list[str]:
    """The codes of the errors in the payload."""
    return [error["code"] for error in payload(answer)["errors"]]


def viewer_email(client: Api, *, token: str | None = None) -> str | None:
    """The address of whoever the API takes the client for; None when anonymous."""
    viewer = client.execute("{ viewer { email } }", token=token).data["viewer"]
    return viewer and str(viewer["email"])
