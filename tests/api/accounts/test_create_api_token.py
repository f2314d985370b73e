import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from server.accounts.models import ApiToken, User
from tests.support.api import Api
from tests.support.mutations import error_codes, mutate, payload, viewer_email

TOKEN = "secret apiToken { id name hint scopes createdAt expiresAt lastUsedAt revokedAt }"


def test_shows_the_secret_once_and_the_token_in_the_list(alice: Api) -> None:
    answer = mutate(alice, "createApiToken", TOKEN, name=" ci ", scopes=["PREDICT", "READ"])

    created = payload(answer)
    token = created["apiToken"]
    assert created["errors"] == []
    assert re.fullmatch(r"tt_[0-9A-Za-z]{36}", created["secret"])
    assert token["name"] == "ci"
    assert token["hint"] == created["secret"][:7]
    assert token["scopes"] == ["READ", "PREDICT"]
    assert (token["expiresAt"], token["lastUsedAt"], token["revokedAt"]) == (None, None, None)

    listed = alice.execute("{ viewer { apiTokens { id name hint scopes } } }")
    assert [entry["id"] for entry in listed.data["viewer"]["apiTokens"]] == [token["id"]]
    assert created["secret"] not in listed.http.content.decode()


def test_the_secret_is_stored_as_a_digest_alone(alice: Api) -> None:
    secret = alice.create_token("READ")

    (row,) = ApiToken.objects.values()
    assert row["digest"] == hashlib.sha256(secret.encode()).hexdigest()
    assert secret[7:] not in str(row)


def test_no_two_secrets_are_alike(alice: Api) -> None:
    assert alice.create_token("READ") != alice.create_token("READ")
    assert ApiToken.objects.values("digest").distinct().count() == 2


def test_a_scope_named_twice_is_stored_once(alice: Api) -> None:
    alice.create_token("READ", "READ")

    assert ApiToken.objects.get().scopes == ["READ"]


def test_an_expiry_without_a_zone_is_in_utc(alice: Api) -> None:
    answer = mutate(
        alice,
        "createApiToken",
        TOKEN,
        name="ci",
        scopes=["READ"],
        expiresAt="2999-01-02T03:04:05",
    )

    assert payload(answer)["apiToken"]["expiresAt"] == "2999-01-02T03:04:05+00:00"
    assert ApiToken.objects.get().expires_at == datetime(2999, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_token_that_expires_works_until_then(alice: Api, api: Api) -> None:
    later = (timezone.now() + timedelta(hours=1)).isoformat()

    secret = alice.create_token("READ", expiresAt=later)

    assert viewer_email(api, token=secret) == "alice@example.org"


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_name_that_is_empty_or_too_long_is_refused(alice: Api, name: str) -> None:
    answer = mutate(alice, "createApiToken", TOKEN, name=name, scopes=["READ"])

    assert error_codes(answer) == ["TOKEN_NAME_INVALID"]
    assert payload(answer)["errors"][0]["field"] == ["input", "name"]
    assert (payload(answer)["apiToken"], payload(answer)["secret"]) == (None, None)
    assert ApiToken.objects.count() == 0


def test_a_name_of_a_hundred_characters_is_taken(alice: Api) -> None:
    answer = mutate(alice, "createApiToken", TOKEN, name="é" * 100, scopes=["READ"])

    assert error_codes(answer) == []


def test_a_token_without_scopes_is_refused(alice: Api) -> None:
    answer = mutate(alice, "createApiToken", TOKEN, name="ci", scopes=[])

    assert error_codes(answer) == ["TOKEN_SCOPES_EMPTY"]
    assert payload(answer)["errors"][0]["field"] == ["input", "scopes"]


def test_an_unknown_scope_is_bad_input(alice: Api) -> None:
    answer = mutate(alice, "createApiToken", TOKEN, name="ci", scopes=["ADMIN"])

    assert answer.codes == ["BAD_USER_INPUT"]
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("moment", ["2001-01-01T00:00:00Z", "0001-01-01T00:00:00"])
def test_an_expiry_in_the_past_is_refused(alice: Api, moment: str) -> None:
    answer = mutate(alice, "createApiToken", TOKEN, name="ci", scopes=["READ"], expiresAt=moment)

    assert error_codes(answer) == ["TOKEN_EXPIRY_INVALID"]
    assert payload(answer)["errors"][0]["field"] == ["input", "expiresAt"]


def test_the_last_moment_of_the_calendar_is_an_expiry(alice: Api) -> None:
    moment = "9999-12-31T23:59:59+00:00"

    answer = mutate(alice, "createApiToken", TOKEN, name="ci", scopes=["READ"], expiresAt=moment)

    assert payload(answer)["apiToken"]["expiresAt"] == moment


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_has_no_date_in_utc_is_bad_input(alice: Api, moment: str) -> None:
    answer = mutate(alice, "createApiToken", TOKEN, name="ci", scopes=["READ"], expiresAt=moment)

    assert answer.codes == ["BAD_USER_INPUT"]
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("moment", ["soon", "", "2026-13-01T00:00:00Z", 5, True])
def test_what_is_no_moment_is_bad_input(alice: Api, moment: object) -> None:
    answer = mutate(alice, "createApiToken", TOKEN, name="ci", scopes=["READ"], expiresAt=moment)

    assert answer.codes == ["BAD_USER_INPUT"]


def test_an_account_holds_fifty_usable_tokens(alice: Api) -> None:
    user = User.objects.get()
    ApiToken.objects.bulk_create(
        ApiToken(user=user, name="ci", digest=f"{number:064}", hint="tt_0000", scopes=["READ"])
        for number in range(50)
    )

    answer = mutate(alice, "createApiToken", TOKEN, name="one more", scopes=["READ"])
    assert error_codes(answer) == ["TOKEN_LIMIT_REACHED"]
    assert "50 tokens" in payload(answer)["errors"][0]["message"]
    assert ApiToken.objects.count() == 50

    # Neither a revoked nor an expired one counts.
    ApiToken.objects.filter(digest=f"{0:064}").update(revoked_at=timezone.now())
    assert error_codes(mutate(alice, "createApiToken", TOKEN, name="ci", scopes=["READ"])) == []
    ApiToken.objects.filter(digest=f"{1:064}").update(expires_at=timezone.now())
    assert error_codes(mutate(alice, "createApiToken", TOKEN, name="ci", scopes=["READ"])) == []
    answer = mutate(alice, "createApiToken", TOKEN, name="ci", scopes=["READ"])
    assert error_codes(answer) == ["TOKEN_LIMIT_REACHED"]


def test_tokens_of_others_do_not_count(alice: Api, bob: Api) -> None:
    bob_user = User.objects.get(email="bob@example.org")
    ApiToken.objects.bulk_create(
        ApiToken(user=bob_user, name="ci", digest=f"{number:064}", hint="tt_0000", scopes=["READ"])
        for number in range(50)
    )

    answer = mutate(alice, "createApiToken", TOKEN, name="ci", scopes=["READ"])

    assert error_codes(answer) == []
