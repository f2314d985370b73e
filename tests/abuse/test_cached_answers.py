"""The attacker wants a shared cache to keep a victim's answer, or to serve everybody his own."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse

from tests.support.api import Api

QUERY = "/graphql?query=%7Bviewer%7Bemail%7D%7D"


@pytest.mark.parametrize(
    "path",
    [
        "/graphql/x.css",
        "/graphql/x.js?query=%7Bviewer%7Bemail%7D%7D",
        "/graphql%2Fx.css?query=%7Bviewer%7Bemail%7D%7D",
        "/graphql.css?query=%7Bviewer%7Bemail%7D%7D",
        "/graphql;x.css?query=%7Bviewer%7Bemail%7D%7D",
        "/graphql//?query=%7Bviewer%7Bemail%7D%7D",
        "/graphql%0A?query=%7Bviewer%7Bemail%7D%7D",
        "/graphql%00.css?query=%7Bviewer%7Bemail%7D%7D",
        "/static/..%2Fgraphql?query=%7Bviewer%7Bemail%7D%7D",
        "/GRAPHQL?query=%7Bviewer%7Bemail%7D%7D",
    ],
)
def test_a_path_that_looks_like_a_file_gives_no_answer_of_the_api(alice: Api, path: str) -> None:
    response = alice.http.get(path)

    assert response.status_code == 404
    assert b"alice@" not in response.content


ANSWERS: dict[str, Callable[[Api], HttpResponse]] = {
    "a query by GET": lambda api: api.http.get(QUERY),
    "a query by POST": lambda api: api.execute("{ viewer { email } }").http,
    "an invalid query": lambda api: api.http.get("/graphql?query=%7Bnothing%7D"),
    "no query": lambda api: api.http.get("/graphql"),
    "a wrong token": lambda api: api.execute("{ __typename }", token="tt_wrong").http,
    "a wrong method": lambda api: api.http.put("/graphql"),
    "a forgery": lambda api: api.http.post("/graphql", {"operations": "{}", "map": "{}"}),
    "a picture that is not there": lambda api: api.http.get("/predictions/9/crop.webp"),
}


@pytest.mark.parametrize("ask", ANSWERS.values(), ids=ANSWERS)
def test_no_answer_may_be_stored(alice: Api, ask: Callable[[Api], HttpResponse]) -> None:
    response = ask(alice)

    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("ask", [ANSWERS["a query by GET"], ANSWERS["a query by POST"]])
def test_an_answer_varies_by_everything_that_tells_who_asks(
    alice: Api, ask: Callable[[Api], HttpResponse]
) -> None:
    vary = {name.strip().lower() for name in ask(alice)["Vary"].split(",")}

    assert {"accept", "cookie", "authorization", "origin"} <= vary


def test_the_page_with_a_csrf_cookie_varies_and_holds_no_account(alice: Api) -> None:
    page = alice.http.get("/graphql", headers={"Accept": "text/html"})

    assert {"accept", "cookie"} <= {name.strip().lower() for name in page["Vary"].split(",")}
    assert b"alice@" not in page.content
    # What a cache may keep of a page that sets a cookie, everybody would get the same.
    assert "public" not in page.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    "header",
    [
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Forwarded-Prefix",
        "X-Forwarded-Path",
        "X-HTTP-Method-Override",
        "X-Forwarded-Host",
        "Forwarded",
    ],
)
def test_headers_that_some_servers_obey_change_no_answer(alice: Api, header: str) -> None:
    plain = alice.http.get(QUERY)
    odd = alice.http.get(QUERY, headers={header: "/admin/ DELETE evil.example host=evil.example"})

    assert (odd.status_code, odd.content) == (plain.status_code, plain.content)
