"""An account on a live site, used through a token."""

import json
import secrets
from typing import Any

import httpx

from tests.support.api import PASSWORD, PREDICT
from tests.support.live_site import LiveSite

TIMEOUT_SECONDS = 30
REGISTER = "mutation ($input: RegisterInput!) { register(input: $input) { errors { code } } }"
CREATE_TOKEN = (
    "mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { secret } }"
)


def token_of_new_account(site: LiveSite) -> str:
    """Register somebody and return the secret of a token that may read and predict."""
    with httpx.Client(base_url=site.url, timeout=TIMEOUT_SECONDS) as client:
        email = f"{secrets.token_hex(8)}@example.org"
        registration = {"email": email, "password": PASSWORD}
        answer = client.post(
            "/graphql", json={"query": REGISTER, "variables": {"input": registration}}
        )
        assert answer.json() == {"data": {"register": {"errors": []}}}
        token = {"name": "test", "scopes": ["READ", "PREDICT"]}
        answer = client.post(
            "/graphql",
            json={"query": CREATE_TOKEN, "variables": {"input": token}},
            headers={"X-CSRFToken": client.cookies["csrftoken"]},
        )
        return str(answer.json()["data"]["createApiToken"]["secret"])


def predict(site: LiveSite, token: str, image: bytes) -> dict[str, Any]:
    """Return the prediction of an image."""
    variables = {"input": {"image": {"upload": None}}}
    answer = httpx.post(
        f"{site.url}/graphql",
        data={
            "operations": json.dumps({"query": PREDICT, "variables": variables}),
            "map": json.dumps({"photo": ["variables.input.image.upload"]}),
        },
        files={"photo": ("photo", image)},
        headers={"Authorization": f"Bearer {token}"},
        timeout=TIMEOUT_SECONDS,
    )
    payload = answer.json()["data"]["predict"]
    assert payload["errors"] == []
    prediction: dict[str, Any] = payload["prediction"]
    return prediction
