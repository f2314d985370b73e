import json
import logging

import pytest
from graphql import GraphQLError

from server.api.errors import INTERNAL_ERROR_MESSAGE
from tests.support.api import Api
from tests.support.graphql_errors import error_codes

SECRET = "password=hunter2 at /srv/telltale"


def fail(*_arguments: object, **_keywords: object) -> None:
    raise RuntimeError(SECRET)


def test_a_resolver_that_fails_is_masked_and_logged_with_its_traceback(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("server.api.query.served_model", fail)

    answer = api.execute('{ broken: model(name: "x") { name } __typename }')

    assert answer.status == 200
    assert answer.codes == ["INTERNAL_SERVER_ERROR"]
    assert SECRET not in answer.http.content.decode()
    [error] = answer.body["errors"]
    assert error["message"] == INTERNAL_ERROR_MESSAGE
    assert error["path"] == ["broken"]
    [record] = [record for record in caplog.records if record.name == "server.api.errors"]
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert SECRET in str(record.exc_info[1])


def test_siblings_of_a_nullable_field_that_fails_keep_their_data(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.api.query.served_model", fail)

    answer = api.execute('{ model(name: "x") { name } models { name } }')

    assert answer.body["data"] == {"model": None, "models": [{"name": "efficientnet-lite0"}]}


def test_a_required_field_that_fails_takes_its_parents_along(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.api.query.current_limits", fail)

    answer = api.execute("{ limits { maxPixels } viewer { id } }")

    assert answer.status == 200
    assert answer.body["data"] is None
    assert answer.codes == ["INTERNAL_SERVER_ERROR"]


def test_a_mutation_that_fails_takes_nothing_from_the_others(
    alice: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.predictions.services.clear_history", fail)

    answer = alice.execute(
        "mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { secret }"
        " clearHistory { deletedCount } logOut { errors { code } } }",
        input={"name": "a token", "scopes": ["READ"]},
    )

    assert answer.codes == ["INTERNAL_SERVER_ERROR"]
    assert [error["path"] for error in answer.body["errors"]] == [["clearHistory"]]
    assert answer.body["data"]["createApiToken"]["secret"].startswith("tt_")
    assert answer.body["data"]["clearHistory"] is None
    assert answer.body["data"]["logOut"] == {"errors": []}
    assert alice.execute("{ viewer { email } }").data["viewer"] is None


def test_an_answer_that_does_not_fit_the_schema_is_a_bug_and_masked(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.api.limits.settings.PREDICTIONS_PER_DAY", 2**40)

    answer = api.execute("{ limits { predictionsPerDay } }")

    assert answer.codes == ["INTERNAL_SERVER_ERROR"]
    assert str(2**40) not in answer.http.content.decode()


def test_an_error_of_graphql_that_a_resolver_raises_is_a_bug_and_masked(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raise_graphql_error(_name: str) -> None:
        raise GraphQLError(SECRET)

    monkeypatch.setattr("server.api.query.served_model", raise_graphql_error)

    answer = api.execute('{ model(name: "x") { name } }')

    assert answer.codes == ["INTERNAL_SERVER_ERROR"]
    assert SECRET not in answer.http.content.decode()


def test_a_failure_outside_of_the_execution_is_a_masked_500(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("server.api.http.view.identify", fail)

    answer = api.execute("{ __typename }")

    assert answer.status == 500
    assert error_codes(answer.http) == ["INTERNAL_SERVER_ERROR"]
    assert SECRET not in answer.http.content.decode()
    assert "server.api.http.view" in {record.name for record in caplog.records}


@pytest.mark.parametrize(
    "document",
    [
        'query ($null: ID = "x") { node(id: $null) { id } }',
        "query ($null: [ID!] = []) { nodes(ids: $null) { id } }",
        "query ($null: Boolean = true) { models @include(if: $null) { name } }",
        "query ($null: Boolean = true) { models { name @skip(if: $null) } }",
    ],
)
def test_a_null_variable_where_none_is_allowed_is_bad_input_and_says_so(
    alice: Api, document: str
) -> None:
    answer = alice.execute(document, null=None)

    assert set(answer.codes) == {"BAD_USER_INPUT"}
    assert "null" in answer.body["errors"][0]["message"]


def test_a_variable_of_another_type_is_bad_input_and_says_which(api: Api) -> None:
    answer = api.execute("query ($size: Int!) { models { labels(first: $size) } }", size="many")

    assert answer.codes == ["BAD_USER_INPUT"]
    assert "$size" in answer.body["errors"][0]["message"]


def test_a_message_does_not_throw_a_large_variable_back(api: Api) -> None:
    document = "query ($size: Int!) { models { labels(first: $size) } }"
    for value in ("x" * 100_000, ["y" * 1_000] * 1_000, {"z" * 9_000: 1}):
        answer = api.execute(document, size=value)

        assert error_codes(answer.http) == ["BAD_USER_INPUT"]


def test_a_nul_in_a_text_of_the_document_is_bad_input(alice: Api) -> None:
    for text in (r'"\u0000"', r'"\u{0}"', '"""block \\u0000 is no escape"""'):
        answer = alice.execute(
            f"{{ viewer {{ history(filter: {{label: {text}}}) {{ totalCount }} }} }}"
        )

        expected = [] if text.startswith('"""') else ["BAD_USER_INPUT"]
        assert answer.codes == expected


def test_a_raw_nul_in_the_document_is_refused(alice: Api) -> None:
    answer = alice.http.get("/graphql", {"query": '{ model(name: "\x00") { name } }'})

    assert error_codes(answer)[0] in {"BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED"}
    assert "errors" in json.loads(answer.content)
