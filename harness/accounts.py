"""Accounts of a running site, made as a visitor makes one."""

import secrets
from collections.abc import Sequence
from contextlib import closing

from harness.connection import Connection
from harness.ports import HOST

PASSWORD = "a lantern of nine herons"  # noqa: S105 - of an account that lives a minute
REGISTER = "mutation ($input: RegisterInput!) { register(input: $input) { errors { code } } }"
NEW_TOKEN = """mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) {
  secret errors { code } } }"""  # noqa: S105 - asks for one


def new_token(port: int, scopes: Sequence[str] = ("READ", "PREDICT")) -> str:
    """Register somebody and return the secret of a token with these scopes."""
    # What a page of the site sends; it proves nothing where there is no TLS, and is not asked for.
    from_a_page = {"Referer": f"https://{HOST}:{port}/"}
    registration = {"email": f"{secrets.token_hex(8)}@example.org", "password": PASSWORD}
    with closing(Connection(port)) as connection:
        cookies = connection.execute(REGISTER, {"input": registration}, from_a_page).cookies
        in_session = {
            **from_a_page,
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": cookies["csrftoken"],
        }
        wish = {"name": "harness", "scopes": list(scopes)}
        answer = connection.execute(NEW_TOKEN, {"input": wish}, in_session)
    return str(answer.json()["data"]["createApiToken"]["secret"])
