"""The attacker has a page that the victim visits: it sends requests, reads answers, frames us."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from server.predictions.models import Prediction
from tests.support.api import PREDICT, Api

CLIENT = "https://telltale.example"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type",
}


def forged_upload(alice: Api, image: bytes, **headers: str) -> HttpResponse:
    """What a form of another site makes her browser send."""
    variables = {"input": {"image": {"upload": None}}}
    form = {
        "operations": json.dumps({"query": PREDICT, "variables": variables}),
        "map": json.dumps({"0": ["variables.input.image.upload"]}),
        "0": SimpleUploadedFile("cat.png", image, "image/png"),
    }
    return alice.http.post("/graphql", form, headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://evil.example", "X-CSRFToken": "a" * 32},
        {"Origin": "https://evil.example", "X-Requested-With": "XMLHttpRequest"},
        {
            "Origin": "https://evil.example",
            "GraphQL-Preflight": "1",
            "X-Apollo-Operation-Name": "x",
        },
        {"Origin": "https://evil.example", "X-HTTP-Method-Override": "GET"},
        {"Referer": "http://testserver/"},
    ],
)
def test_a_forged_upload_is_refused(alice: Api, cat: bytes, headers: dict[str, str]) -> None:
    answer = forged_upload(alice, cat, **headers)

    assert answer.status_code == 403
    assert Prediction.objects.count() == 0


def test_a_csrf_token_in_the_form_or_the_address_is_not_enough(alice: Api, cat: bytes) -> None:
    token = alice.http.cookies["csrftoken"].value
    form = {"operations": json.dumps({"query": "mutation { logOut { __typename } }"}), "map": "{}"}

    by_address = alice.http.post(f"/graphql?csrfmiddlewaretoken=%22{token}", form)

    assert by_address.status_code == 403


def test_a_cookie_that_a_neighbour_site_planted_is_no_csrf_token(alice: Api, cat: bytes) -> None:
    # A page on a sibling host can set a cookie for both; the origin still gives it away.
    alice.http.cookies["csrftoken"] = "b" * 32

    answer = forged_upload(
        alice, cat, **{"X-CSRFToken": "b" * 32, "Origin": "https://sibling.example"}
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://eviltelltale.example",
        f"{CLIENT}.evil.example",
        f"{CLIENT}:8443",
        f"{CLIENT}@evil.example",
        f"{CLIENT}/",
        f"{CLIENT} https://evil.example",
        "https://TELLTALE.example.evil.example",
        "https://telltale_example",
        "https://telltaleXexample",
        "http://telltale.example",
        "file://",
        "https://evil.example\x60telltale.example",
    ],
)
@pytest.mark.parametrize("path", ["/graphql", "/predictions/1/crop.webp"])
def test_an_origin_that_only_resembles_ours_reads_nothing(
    alice: Api, settings: Settings, origin: str, path: str
) -> None:
    settings.CORS_ALLOWED_ORIGINS = [CLIENT]

    for answer in (
        alice.http.options(path, headers={"Origin": origin, **PREFLIGHT}),
        alice.http.get(path, {"query": "{ viewer { email } }"}, headers={"Origin": origin}),
    ):
        assert not [name for name in answer.headers if name.startswith("Access-Control-Allow")]


def test_not_even_our_own_other_origin_reads_with_cookies(alice: Api, settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [CLIENT]

    preflight = alice.http.options("/graphql", headers={"Origin": CLIENT, **PREFLIGHT})

    assert preflight["Access-Control-Allow-Origin"] == CLIENT
    assert "Access-Control-Allow-Credentials" not in preflight.headers


PAGES = ["/graphql", "/admin/login/", "/nothing-here", "/predictions/1/crop.webp"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_no_page_can_be_framed_or_taken_for_another_type(path: str) -> None:
    page = Client().get(path, headers={"Accept": "text/html"})

    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"
    assert page["Referrer-Policy"] == "same-origin"


def test_a_json_answer_with_markup_in_it_is_no_page(api: Api) -> None:
    answer = api.http.get("/graphql?query=%7B%3Cscript%3Ealert(1)%3C/script%3E%7D")

    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_token_is_no_way_into_the_admin(alice: Api, django_user_model: type) -> None:
    token = alice.create_token("READ", "PREDICT")
    django_user_model.objects.update(is_staff=True, is_superuser=True)  # type: ignore[attr-defined]

    answer = Client().get("/admin/", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 302
    assert answer["Location"] == "/admin/login/?next=/admin/"
