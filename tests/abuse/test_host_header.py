"""The attacker wants our own e-mails and redirects to lead to his site, by the host he claims."""

from contextlib import closing
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from tests.support.api import Api
from tests.support.mutations import error_codes, mutate

EVIL = "evil.example"


@pytest.fixture
def as_in_production(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["telltale.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.parametrize(
    "claims",
    [
        {"HTTP_HOST": EVIL},
        {"HTTP_X_FORWARDED_HOST": EVIL},
        {"HTTP_FORWARDED": f"host={EVIL}"},
        {"HTTP_X_HOST": EVIL, "HTTP_X_FORWARDED_SERVER": EVIL, "HTTP_ORIGIN": "null"},
        {"SERVER_NAME": EVIL},
        {"HTTP_HOST": f"testserver:80@{EVIL}"},
    ],
)
def test_a_reset_code_is_sent_with_the_address_of_the_site_alone(
    alice: Api, api: Api, mailoutbox: list[EmailMessage], settings: Settings, claims: dict[str, str]
) -> None:
    settings.SITE_URL = "https://telltale.example"
    api.http.defaults.update(claims)

    mutate(api, "requestPasswordReset", email="alice@example.org")

    for message in mailoutbox:
        assert "https://telltale.example/#/reset-password?token=" in message.body
        assert EVIL not in str(message.message())


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/graphql", "/admin/login/", "/predictions/1/crop.webp"])
@pytest.mark.parametrize(
    "host",
    [
        EVIL,
        f"telltale.example.{EVIL}",
        f"telltale.example@{EVIL}",
        f"{EVIL}#telltale.example",
        f"{EVIL}/telltale.example",
        "telltale.example:80:80",
        "telltale.example telltale.example",
        "",
        "127.0.0.1",
        "localhost",
    ],
)
def test_another_host_is_refused(as_in_production: None, host: str, path: str) -> None:
    response = Client().get(path, headers={"Host": host, "X-Forwarded-Proto": "https"})

    assert response.status_code == 400
    assert EVIL not in response.headers.get("Location", "")


@pytest.mark.django_db
def test_the_redirect_to_https_stays_on_our_host(as_in_production: None) -> None:
    for path in ("/graphql", "//evil.example/x", "/\\evil.example", "/%0d%0aLocation:%20//evil"):
        response = Client().get(path, headers={"Host": "telltale.example"})

        assert response.status_code == 301
        assert response["Location"].startswith("https://telltale.example/")
        assert "\n" not in response["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/",
        "//evil.example/admin",
        "///evil.example/admin",
        "/\\evil.example/admin",
        "//evil.example/..",
        "//evil.example/index.html",
        "/http://evil.example/index.html",
        "/admin//evil.example",
        "//graphql",
        "//predictions/1/crop.webp",
    ],
)
def test_no_path_redirects_to_another_site(path: str) -> None:
    with closing(Client().get("/", PATH_INFO=path)) as response:
        location = response.headers.get("Location", "")

        assert urljoin("http://testserver/", location).startswith("http://testserver/")
        assert response.status_code in {301, 302, 404}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/admin/logout/?next=//evil.example", "/admin/?next=https://evil.example"]
)
def test_no_address_redirects_to_where_it_says(address: str) -> None:
    response = Client().get(address)

    # `next` may go on to the login, which looks at it: see the test below.
    assert urlsplit(response["Location"]).netloc == ""
    assert response["Location"].startswith("/admin/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_logging_in_to_the_admin_leads_to_no_other_site(
    django_user_model: type, target: str
) -> None:
    django_user_model.objects.create_superuser("root@example.org", "a password 7")  # type: ignore[attr-defined]

    response = Client().post(
        f"/admin/login/?next={target}",
        {"username": "root@example.org", "password": "a password 7", "next": target},
    )

    assert response.status_code == 302
    assert response["Location"].startswith("/")
    assert "evil" not in response["Location"]


def test_a_claimed_https_is_believed_of_the_proxy_alone(api: Api) -> None:
    # In development, without a proxy, the header means nothing.
    answer = api.http.get("/graphql?query=%7B__typename%7D", headers={"X-Forwarded-Proto": "https"})

    assert answer.wsgi_request.scheme == "http"
    assert error_codes(mutate(api, "logOut")) == []
