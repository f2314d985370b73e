"""The attacker wants somebody's token, and has a computer that makes them up.

There is no limit on wrong tokens, by decision: 178 random bits can't be guessed by any number of
tries, and a limit by address would let a stranger behind the same address stop an integration.
What matters is that a wrong one costs next to nothing.
"""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.accounts.tokens import RANDOM_LENGTH, _new_secret
from tests.support.api import Api


def test_a_wrong_token_costs_at_most_one_query_that_reads(alice: Api, api: Api) -> None:
    alice.create_token("READ")
    for secret in (_new_secret(), _new_secret()[:-1] + "!", "tt_", "tt_" + "A" * 10_000):
        with CaptureQueriesContext(connection) as captured:
            answer = api.execute("{ viewer { id } }", token=secret)

        assert answer.status == 401
        assert [query["sql"].split()[0] for query in captured.captured_queries] in ([], ["SELECT"])


def test_a_wrong_token_executes_nothing_of_a_costly_document(alice: Api, api: Api) -> None:
    body = "{ " + " ".join(f"a{n}: __schema {{ types {{ name }} }}" for n in range(40)) + " }"

    answer = api.execute(body, token=_new_secret())

    assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])


def test_a_token_has_more_to_guess_than_anybody_can() -> None:
    assert 62**RANDOM_LENGTH > 2**170
    assert len({_new_secret() for _ in range(1_000)}) == 1_000


def test_making_and_revoking_tokens_without_end_keeps_a_bounded_number(alice: Api) -> None:
    for number in range(60):
        alice.create_token("READ")
        tokens = alice.execute("{ viewer { apiTokens { id revokedAt } } }").data["viewer"]
        newest = tokens["apiTokens"][0]["id"]
        alice.execute(
            "mutation ($input: RevokeApiTokenInput!) {"
            " revokeApiToken(input: $input) { errors { code } } }",
            input={"id": newest},
        )
        if number == 40:
            alice.create_token("READ")

    tokens = alice.execute("{ viewer { apiTokens { revokedAt } } }").data["viewer"]["apiTokens"]
    revoked = [token for token in tokens if token["revokedAt"]]
    assert len(revoked) == 51  # the last was revoked after the last was made
    assert len(tokens) == 52  # the one that works is still there
