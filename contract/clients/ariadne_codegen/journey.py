"""From registering to deleting the account with the client that ariadne-codegen has written."""

import io
from pathlib import Path

import httpx
from graphql_client import Client
from graphql_client.base_model import Upload
from graphql_client.enums import Scope
from graphql_client.input_types import (
    CreateApiTokenInput,
    DeleteAccountInput,
    DeletePredictionInput,
    HistoryFilter,
    ImageInput,
    PredictInput,
    RegisterInput,
)
from session import CREDENTIALS, PHOTO, URL, session_headers, tell, token_headers


def image(content: bytes) -> PredictInput:
    """Return an input whose photo goes by the multipart request specification."""
    upload = Upload("coffee.png", io.BytesIO(content), "image/png")
    return PredictInput(image=ImageInput(upload=upload))


def main() -> None:
    """Register, predict, read, delete."""
    with httpx.Client() as http:
        Client(URL, http_client=http).make_account(RegisterInput(**CREDENTIALS))
        session = Client(URL, headers=session_headers(dict(http.cookies)))
    wish = CreateApiTokenInput(name="a journey", scopes=[Scope.READ, Scope.PREDICT, Scope.MANAGE])
    secret = session.create_token(wish).create_api_token.secret
    token = Client(URL, headers=token_headers(secret))
    prediction = token.predict(image(Path(PHOTO).read_bytes())).predict.prediction
    refused = token.predict(image(b"no photo")).predict
    page = token.history(filter_=HistoryFilter(minConfidence=0.5)).viewer.history
    which = DeletePredictionInput(id=prediction.id)
    deletion = token.delete_prediction(which).delete_prediction
    gone = token.delete_prediction(which).delete_prediction
    end = DeleteAccountInput(currentPassword=CREDENTIALS["password"])
    left = session.delete_account(end).delete_account
    tell(
        {
            "label": prediction.label,
            "history": [node.label for node in page.nodes],
            "refused": refused.errors[0].code.value,
            "deleted": deletion.deleted_id == prediction.id,
            "gone": gone.errors[0].code.value,
            "viewer": left.viewer,
        }
    )


main()
