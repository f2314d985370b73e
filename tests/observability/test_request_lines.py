"""A line a request: who, what, how long, how it ended, and nothing that nobody may know."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from server.observability.exposition import exposition
from server.observability.log_lines import JsonFormatter
from tests.support.api import PASSWORD, Api

Lines = Callable[[], list[dict[str, Any]]]


def test_a_prediction_tells_user_operation_model_and_durations(
    alice: Api, cat: bytes, request_lines: Lines, classifier_is_ready: None
) -> None:
    user_id = alice.http.session["_auth_user_id"]
    alice.upload(cat)

    line = request_lines()[-1]
    assert line["user_id"] == int(user_id)
    assert (line["operation"], line["operation_name"]) == ("predict", "Predict")
    assert (line["method"], line["path"], line["status"]) == ("POST", "/graphql", 200)
    assert line["model"].startswith("efficientnet-lite0 ")
    assert line["duration_ms"] >= line["inference_ms"] > 0
    assert line["wait_ms"] >= 0
    assert line["queries"] > 3
    assert 0 < line["database_ms"] < line["duration_ms"]
    assert line["level"] == "INFO"
    assert "error_codes" not in line


@pytest.mark.parametrize(
    ("document", "operation"),
    [
        ("{ viewer { email } }", "viewer"),
        ("{ a: models { name } b: models { name } }", "models"),
        ("{ viewer { email } models { name } }", "several"),
        ("{ __schema { queryType { name } } }", "introspection"),
        ("{ ...f } fragment f on Query { ... on Query { limits { maxPixels } } }", "limits"),
    ],
)
def test_an_operation_is_known_by_its_root_field(
    api: Api, request_lines: Lines, document: str, operation: str
) -> None:
    api.execute(document)

    assert request_lines()[-1]["operation"] == operation


def test_errors_are_told_by_their_codes(api: Api, request_lines: Lines) -> None:
    api.execute("{ nothing }")
    api.execute("mutation { clearHistory { deletedCount } }")
    api.register("no address")
    api.execute("{ viewer { email } }", token="tt_wrong")

    assert [line["error_codes"] for line in request_lines()] == [
        ["GRAPHQL_VALIDATION_FAILED"],
        ["UNAUTHENTICATED"],
        ["EMAIL_INVALID"],
        ["UNAUTHENTICATED"],
    ]
    assert request_lines()[-1]["status"] == 401


def test_no_password_token_photo_address_or_variable_is_told(
    api: Api, cat: bytes, caplog: pytest.LogCaptureFixture, classifier_is_ready: None
) -> None:
    caplog.set_level("DEBUG", "server")
    api.register("carol@example.org")
    token = api.create_token("PREDICT")
    api.predict(cat, token=token)
    api.http.get("/graphql", {"query": f'{{ node(id: "{PASSWORD}") {{ id }} }}'})
    api.execute(
        "mutation ($input: LogInInput!) { logIn(input: $input) { errors { code } } }",
        input={"email": "carol@example.org", "password": "something I guessed"},
    )

    text = "\n".join(JsonFormatter().format(record) for record in caplog.records)
    assert text.count('"server.requests"') == 5
    session = api.http.cookies["sessionid"].value
    for secret in (PASSWORD, token, token[3:], "guessed", "carol", session, "iVBORw0KGgo"):
        assert secret not in text


def test_a_refused_request_is_told_too(client: Client, request_lines: Lines) -> None:
    client.get("/nothing/here")
    client.put("/graphql")

    assert [(line["path"], line["status"]) for line in request_lines()] == [
        ("/nothing/here", 404),
        ("/graphql", 405),
    ]


def test_a_path_stays_on_its_line_and_short(client: Client, request_lines: Lines) -> None:
    client.get("/a%0Ab" + "c" * 1_000)

    (line,) = request_lines()
    assert line["path"].startswith("/a%0Abccc")
    assert len(line["path"]) == 200


def test_a_method_and_a_name_of_the_clients_own_stay_short_and_out_of_the_figures(
    client: Client, request_lines: Lines
) -> None:
    name = "N" * 1_000
    asked = {"query": f"query {name} {{ __typename }}"}

    client.post("/graphql", asked, content_type="application/json")
    client.generic("X" * 1_000, "/graphql")

    query, refused = request_lines()
    assert query["operation_name"] == name[:200]
    assert query["operation"] == "__typename"
    assert refused["method"] == "X" * 200
    assert b"NNN" not in exposition()


def test_probes_are_told_only_when_they_fail(
    client: Client, db: None, request_lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/health/live")
    assert request_lines() == []

    monkeypatch.setattr("server.health._database_answers", lambda: False)
    client.get("/health/ready")
    assert [(line["status"], line["level"]) for line in request_lines()] == [(503, "ERROR")]


@pytest.mark.parametrize(("threshold_ms", "level"), [(0, "WARNING"), (60_000, "INFO")])
def test_a_slow_request_is_a_warning(
    client: Client, settings: Settings, request_lines: Lines, threshold_ms: int, level: str
) -> None:
    settings.SLOW_REQUEST_MS = threshold_ms
    client.get("/nothing")

    (line,) = request_lines()
    assert line["level"] == level
    assert line.get("slow", False) is (level == "WARNING")


@pytest.mark.parametrize(
    ("offered", "is_taken"),
    [
        ("0b7e2a0c-11.x_Y", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("two words", False),
        ('"quoted"', False),
        ("é", False),
        (None, False),
    ],
)
def test_a_request_id_is_taken_if_it_is_safe_to_print(
    client: Client, offered: str | None, is_taken: bool
) -> None:
    headers = {"X-Request-Id": offered} if offered else {}
    told = client.get("/nothing", headers=headers)["X-Request-Id"]

    assert (told == offered) is is_taken
    assert len(told) == 32 or is_taken


@pytest.mark.parametrize(
    ("header", "missing"), [("1.1.1.1, 2.2.2.2, 3.3.3.3", None), ("1.1.1.1, 2.2.2.2", 1)]
)
def test_too_few_proxies_are_told(
    client: Client, settings: Settings, request_lines: Lines, header: str, missing: int | None
) -> None:
    settings.TRUSTED_PROXY_COUNT = 3
    client.get("/nothing", headers={"X-Forwarded-For": header})

    assert request_lines()[-1].get("proxies_missing") == missing
