"""What the journeys in Python share: who they are, a session's headers, and what they have seen."""

import json
import os
from collections.abc import Mapping

URL = f"{os.environ['TELLTALE_URL']}/graphql"
PHOTO = os.environ["PHOTO"]
CREDENTIALS = {"email": os.environ["EMAIL"], "password": os.environ["PASSWORD"]}
TOKEN_WISH = {"name": "a journey", "scopes": ["READ", "PREDICT", "MANAGE"]}


def session_headers(cookies: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a request with a session's cookies, the CSRF token among them."""
    pairs = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": pairs, "X-CSRFToken": cookies["csrftoken"]}


def token_headers(secret: str) -> dict[str, str]:
    """Return the headers of a request by token."""
    return {"Authorization": f"Bearer {secret}"}


def tell(seen: Mapping[str, object]) -> None:
    """Tell the one who started this journey what came of it."""
    print(json.dumps(seen))
