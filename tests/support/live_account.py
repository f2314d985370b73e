"""An account on a live site, used through a token."""

from contextlib import closing
from typing import Any

from harness.accounts import new_token
from harness.connection import Connection
from harness.predictions import MULTIPART, predict_body
from harness.site import LiveSite
from tests.support.api import PREDICT


def token_of_new_account(site: LiveSite) -> str:
    """Register somebody and return the secret of a token that may read and predict."""
    return new_token(site.port)


def predict(site: LiveSite, token: str, image: bytes) -> dict[str, Any]:
    """Return the prediction of an image."""
    with closing(Connection(site.port, token)) as connection:
        answer = connection.post(predict_body(image, document=PREDICT), MULTIPART)
    payload = answer.json()["data"]["predict"]
    assert payload["errors"] == []
    prediction: dict[str, Any] = payload["prediction"]
    return prediction
