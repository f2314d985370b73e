"""The readers of the environment: a wrong value is refused with a sentence that names it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from server import environment

NAME = "TELLTALE_TEST_VARIABLE"


@pytest.fixture(autouse=True)
def keep_the_list_of_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read here is no variable of the server."""
    monkeypatch.setattr(environment, "VARIABLES", {})
    monkeypatch.delenv(NAME, raising=False)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda value: monkeypatch.setenv(NAME, value)


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(ImproperlyConfigured) as caught:
        read()
    sentence = str(caught.value)
    assert sentence.startswith(f"The environment variable {NAME} ")
    assert sentence.endswith(".")
    return sentence


def test_a_text_is_read_as_it_is(given: Callable[[str], None]) -> None:
    given("a # text = with: anything $HOME")

    assert environment.text(NAME, "a purpose") == "a # text = with: anything $HOME"


def test_a_text_may_have_a_default() -> None:
    assert environment.text(NAME, "a purpose", default="by default") == "by default"


@pytest.mark.parametrize("value", [None, ""])
def test_a_text_without_one_has_to_be_set(given: Callable[[str], None], value: str | None) -> None:
    if value is not None:
        given(value)

    sentence = refusal(lambda: environment.text(NAME, "what this is for"))

    assert sentence.endswith("is not set; it is what this is for.")


def test_what_is_read_is_remembered_with_its_purpose_and_default() -> None:
    environment.text(NAME, "what this is for", default="by default")

    variable = environment.VARIABLES[NAME]
    assert (variable.name, variable.purpose, variable.default) == (
        NAME,
        "what this is for",
        "by default",
    )


def test_a_choice_is_one_of_its_options(given: Callable[[str], None]) -> None:
    def read() -> str:
        return environment.choice(NAME, "a purpose", options=("onnx", "torch"), default="onnx")

    assert read() == "onnx"
    given("torch")
    assert read() == "torch"
    given("Torch")
    assert refusal(read).endswith("is 'Torch'; it must be one of onnx, torch.")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("many", "is 'many'; it must be a whole number."),
        ("1.5", "is '1.5'; it must be a whole number."),
        ("1e3", "is '1e3'; it must be a whole number."),
        ("1", "is 1; it must be at least 2."),
        ("-3", "is -3; it must be at least 2."),
        ("11", "is 11; it must be at most 10."),
        ("9" * 5_000, "it must be a whole number."),
    ],
)
def test_a_number_has_its_bounds(given: Callable[[str], None], value: str, reason: str) -> None:
    given(value)

    sentence = refusal(
        lambda: environment.integer(NAME, "a purpose", default=5, minimum=2, maximum=10)
    )

    assert sentence.endswith(reason)


@pytest.mark.parametrize(("value", "number"), [("2", 2), ("10", 10), (" 7 ", 7), ("", 5)])
def test_a_number_within_them_is_read(
    given: Callable[[str], None], value: str, number: int
) -> None:
    given(value)

    assert environment.integer(NAME, "a purpose", default=5, minimum=2, maximum=10) == number


def test_a_folder_is_a_path(given: Callable[[str], None]) -> None:
    assert environment.folder(NAME, "a purpose", default=Path("here")) == Path("here")
    given("there")
    assert environment.folder(NAME, "a purpose", default=Path("here")) == Path("there")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_database_is_read_from_its_address(given: Callable[[str], None], scheme: str) -> None:
    given(f"{scheme}://somebody:p%40ss@host.example:6543/telltale?sslmode=require")

    database = environment.database_url(NAME, "a purpose", required=True)

    assert database["ENGINE"] == "server.postgres"
    assert (database["NAME"], database["USER"], database["PASSWORD"]) == (
        "telltale",
        "somebody",
        "p@ss",
    )
    assert (database["HOST"], database["PORT"]) == ("host.example", 6543)
    assert database["OPTIONS"] == environment.CONNECTION_OPTIONS | {"sslmode": "require"}


@pytest.mark.parametrize(
    "value",
    [
        "sqlite:///db.sqlite3",
        "mysql://somebody:secret@host/telltale",
        "somebody:secret@host/telltale",
        "postgres",
        "postgres://somebody:secret@host:port/telltale",
        "postgres://somebody:secret@host/",
    ],
)
def test_another_database_is_refused_and_its_password_not_shown(
    given: Callable[[str], None], value: str
) -> None:
    given(value)

    sentence = refusal(lambda: environment.database_url(NAME, "a purpose", required=True))

    assert "postgres://" in sentence
    assert "secret" not in sentence


def test_a_database_that_may_be_missing_is_empty_and_another_one_has_to_be_set() -> None:
    assert environment.database_url(NAME, "a purpose", required=False) == {}
    assert refusal(
        lambda: environment.database_url(NAME, "what holds everything", required=True)
    ).endswith("is not set; it is what holds everything.")


def test_a_mail_server_is_read_from_its_address(given: Callable[[str], None]) -> None:
    given("smtp+tls://somebody:secret@mail.example:587")

    settings = environment.email_url(NAME, "a purpose", default="consolemail://")

    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"]) == ("mail.example", 587)
    assert settings["EMAIL_USE_TLS"] is True


@pytest.mark.parametrize(
    "value", ["mail.example", "https://mail.example", "smtp://somebody:secret@host:none"]
)
def test_what_is_no_mail_server_is_refused_and_its_password_not_shown(
    given: Callable[[str], None], value: str
) -> None:
    given(value)

    sentence = refusal(lambda: environment.email_url(NAME, "a purpose", default="consolemail://"))

    assert "smtp+tls://" in sentence
    assert "secret" not in sentence


def test_a_secret_is_long_enough_not_to_be_guessed_and_never_shown(
    given: Callable[[str], None],
) -> None:
    given("hunter2")
    sentence = refusal(lambda: environment.secret(NAME, "a purpose", min_length=8))
    assert sentence.endswith("has 7 characters; it must have at least 8.")

    given("hunter22")
    assert environment.secret(NAME, "a purpose", min_length=8) == "hunter22"


def test_a_secret_has_no_default_unless_one_is_given() -> None:
    assert refusal(lambda: environment.secret(NAME, "a key", min_length=8)).endswith(
        "is not set; it is a key."
    )
    assert environment.secret(NAME, "a key", min_length=8, default="") == ""


def test_host_names_are_read_from_a_list_or_from_the_other_variable(
    given: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read() -> list[str]:
        return environment.host_names(NAME, "the names", fallback="TELLTALE_TEST_FALLBACK")

    assert refusal(read).endswith("is not set; it is the names.")
    monkeypatch.setenv("TELLTALE_TEST_FALLBACK", "photos.example.org")
    assert read() == ["photos.example.org"]
    given(" a.example.org,, .example.com ,127.0.0.1,[::1]")
    assert read() == ["a.example.org", ".example.com", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize(
    "value",
    ["*", "https://example.org", "example.org:8000", "example.org/", "a b", "example.org,*"],
)
def test_what_is_no_host_name_is_refused(given: Callable[[str], None], value: str) -> None:
    given(value)

    sentence = refusal(lambda: environment.host_names(NAME, "the names", fallback="ANOTHER"))

    assert "which is no host name" in sentence


def test_origins_are_read_from_a_list(given: Callable[[str], None]) -> None:
    assert environment.origins(NAME, "a purpose") == []
    given("https://a.example.org, http://127.0.0.1:8000/,")
    assert environment.origins(NAME, "a purpose") == [
        "https://a.example.org",
        "http://127.0.0.1:8000",
    ]


@pytest.mark.parametrize(
    "value",
    [
        "example.org",
        "//example.org",
        "https://",
        "https://*.example.org",
        "https://example.org/app",
        "https://example.org?x",
        "https://Example.org",
        "https://somebody@example.org",
        "https://example.org:",
        "https://example.org:port",
        "https://example.org:99999",
        "https://[::1",
        "null",
        "ftp://example.org",
        "https://good.example.org,javascript:alert(1)",
    ],
)
def test_what_is_no_origin_is_refused(given: Callable[[str], None], value: str) -> None:
    given(value)

    refusal(lambda: environment.origins(NAME, "a purpose"))


def test_an_origin_may_have_to_be_https(given: Callable[[str], None]) -> None:
    given("http://example.org")

    assert refusal(lambda: environment.origin(NAME, "a purpose", schemes=("https",))).endswith(
        "it must begin with https://."
    )
