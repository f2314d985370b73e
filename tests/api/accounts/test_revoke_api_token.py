import pytest

from server.accounts.models import ApiToken
from tests.support.api import Api
from tests.support.mutations import error_codes, mutate, payload, viewer_email

TOKEN = "apiToken { id name revokedAt }"


def token_id(client: Api) -> str:
    """The id of the client's latest token."""
    tokens = client.execute("{ viewer { apiTokens { id } } }").data["viewer"]["apiTokens"]
    return str(tokens[0]["id"])


def test_the_token_stops_working_at_once(alice: Api, api: Api) -> None:
    secret = alice.create_token("READ")
    assert viewer_email(api, token=secret) == "alice@example.org"

    answer = mutate(alice, "revokeApiToken", TOKEN, id=token_id(alice))

    assert payload(answer)["errors"] == []
    assert payload(answer)["apiToken"]["id"] == token_id(alice)
    assert payload(answer)["apiToken"]["revokedAt"] is not None
    assert api.execute("{ viewer { id } }", token=secret).status == 401


def test_other_tokens_go_on(alice: Api, api: Api) -> None:
    first = alice.create_token("READ")
    alice.create_token("READ")

    mutate(alice, "revokeApiToken", TOKEN, id=token_id(alice))

    assert viewer_email(api, token=first) == "alice@example.org"


def test_the_revoked_token_stays_in_the_list(alice: Api) -> None:
    alice.create_token("READ")
    mutate(alice, "revokeApiToken", TOKEN, id=token_id(alice))

    listed = alice.execute("{ viewer { apiTokens { revokedAt } } }").data["viewer"]["apiTokens"]

    assert listed == [{"revokedAt": ApiToken.objects.get().revoked_at.isoformat()}]


def test_revoking_again_keeps_the_first_moment(alice: Api) -> None:
    alice.create_token("READ")
    first = mutate(alice, "revokeApiToken", TOKEN, id=token_id(alice))

    again = mutate(alice, "revokeApiToken", TOKEN, id=token_id(alice))

    assert payload(again) == payload(first)


@pytest.mark.parametrize(
    "unknown",
    [
        "",
        "1",
        "QXBpVG9rZW46",  # ApiToken:
        "QXBpVG9rZW46OTk5OTk5",  # ApiToken:999999
        "QXBpVG9rZW46LTE=",  # ApiToken:-1
        "QXBpVG9rZW46OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5",  # an id beyond any column
        "UHJlZGljdGlvbjox",  # Prediction:1
        "🐈",
    ],
)
def test_what_is_no_id_of_a_token_is_not_found(alice: Api, unknown: str) -> None:
    alice.create_token("READ")

    answer = mutate(alice, "revokeApiToken", TOKEN, id=unknown)

    assert error_codes(answer) == ["NOT_FOUND"]
    assert payload(answer)["apiToken"] is None
    assert ApiToken.objects.get().revoked_at is None
