"""The attacker wants a line break of his in a header, an e-mail or a log line."""

import json

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from server.accounts.models import ApiToken
from tests.support.api import Api
from tests.support.mutations import error_codes, mutate

BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\x00", "\x1b[31m", "\x7f"]


@pytest.mark.parametrize("line_break", BREAKS)
def test_no_token_is_named_with_a_control_character(alice: Api, line_break: str) -> None:
    if line_break == "\x00":  # JSON with a NUL is refused as a whole
        return
    answer = mutate(alice, "createApiToken", name=f"ci{line_break}Set-Cookie: a=b", scopes=["READ"])

    assert error_codes(answer) == ["TOKEN_NAME_INVALID"]
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("line_break", [*BREAKS[:-1], "\u2028", "\u2029"])
@pytest.mark.parametrize("mutation", ["requestPasswordReset", "register"])
def test_no_address_of_an_email_holds_a_line_break(
    api: Api, mailoutbox: list[EmailMessage], line_break: str, mutation: str
) -> None:
    options = {"password": "long words 7"} if mutation == "register" else {}
    email = f"carol@example.org{line_break}Bcc: dave@example.org"

    answer = mutate(api, mutation, email=email, **options)

    assert "BAD_USER_INPUT" in answer.codes or error_codes(answer) == ["EMAIL_INVALID"]
    assert mailoutbox == []


@pytest.mark.parametrize(
    "offered",
    [
        "a\r\nSet-Cookie: a=b",
        "a\nb",
        "a b",
        "<script>",
        '"},"user_id":1,{"',
        "a" * 65,
        "\x1b[31mred",
        "é",
        "",
    ],
)
def test_a_request_id_that_is_none_is_not_sent_back(offered: str) -> None:
    answer = Client().get("/graphql", headers={"X-Request-Id": offered})

    assert answer["X-Request-Id"] != offered
    assert answer["X-Request-Id"].isalnum()


def test_nothing_a_client_sends_comes_back_in_a_header(alice: Api) -> None:
    marker = "injected-marker"
    answers = [
        alice.http.get(f"/graphql?query=%7B{marker}%7D&operationName={marker}"),
        alice.http.get(f"/{marker}%0d%0aSet-Cookie:%20{marker}=1"),
        alice.http.get("/graphql", headers={"Accept": marker, "Origin": f"https://{marker}"}),
        alice.http.post(
            f"/graphql?{marker}",
            json.dumps({"query": marker}),
            content_type=f"application/json; of={marker}",
            headers={"User-Agent": marker, "Referer": marker, **alice.headers()},
        ),
        alice.http.options("/graphql", headers={"Access-Control-Request-Headers": marker}),
    ]

    for answer in answers:
        assert marker not in str(answer.headers)
        assert marker not in str(answer.cookies)
