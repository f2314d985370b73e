"""From registering to deleting the account with gql: documents checked by the schema, uploads."""

from pathlib import Path

from gql import Client, FileVar, gql
from gql.transport.requests import RequestsHTTPTransport
from session import CREDENTIALS, PHOTO, TOKEN_WISH, URL, session_headers, tell, token_headers

REGISTER = gql("mutation ($input: RegisterInput!) { register(input: $input) { errors { code } } }")
CREATE_TOKEN = gql(
    "mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) {"
    " secret errors { code } } }"
)
PREDICT = gql(
    "mutation ($input: PredictInput!) { predict(input: $input) {"
    " prediction { id label createdAt } errors { code field } } }"
)
HISTORY = gql(
    "query ($orderBy: HistoryOrder) { viewer { history(first: 1, orderBy: $orderBy) {"
    " nodes { id label } pageInfo { hasNextPage } } } }"
)
DELETE_PREDICTION = gql(
    "mutation ($input: DeletePredictionInput!) { deletePrediction(input: $input) {"
    " deletedId errors { code } } }"
)
DELETE_ACCOUNT = gql(
    "mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) {"
    " viewer { id } errors { code } } }"
)
SCHEMA = Path("schema.graphql").read_text(encoding="utf-8")


def client(**options: object) -> Client:
    """Return a client that checks each document by the published schema before it sends it."""
    return Client(schema=SCHEMA, transport=RequestsHTTPTransport(URL, **options))


def ask(asked: Client, document: object, given: dict[str, object], **options: object) -> dict:
    """Send a mutation and return its payload."""
    document.variable_values = {"input": given}
    (payload,) = asked.execute(document, **options).values()
    return payload


def predict(asked: Client, path: str) -> dict:
    """Upload a file by the multipart request specification."""
    return ask(asked, PREDICT, {"image": {"upload": FileVar(path)}}, upload_files=True)


def main() -> None:
    """Register, predict, read, delete."""
    anonymous = client()
    with anonymous as session:
        ask(session, REGISTER, CREDENTIALS)
        cookies = anonymous.transport.session.cookies.get_dict()
    session = client(headers=session_headers(cookies))
    token = client(headers=token_headers(ask(session, CREATE_TOKEN, TOKEN_WISH)["secret"]))
    prediction = predict(token, PHOTO)["prediction"]
    refused = predict(token, __file__)
    HISTORY.variable_values = {"orderBy": None}
    history = token.execute(HISTORY)["viewer"]["history"]["nodes"]
    deletion = ask(token, DELETE_PREDICTION, {"id": prediction["id"]})
    gone = ask(token, DELETE_PREDICTION, {"id": prediction["id"]})
    left = ask(session, DELETE_ACCOUNT, {"currentPassword": CREDENTIALS["password"]})
    tell(
        {
            "label": prediction["label"],
            "history": [node["label"] for node in history],
            "refused": refused["errors"][0]["code"],
            "deleted": deletion["deletedId"] == prediction["id"],
            "gone": gone["errors"][0]["code"],
            "viewer": left["viewer"],
        }
    )


main()
