"""Addresses and files that the environment names, and sentences for what is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from server import environment

NAME = "ADDRESSES_OF_A_TEST"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    environment.VARIABLES.pop(NAME, None)


def read(monkeypatch: pytest.MonkeyPatch, value: str, *, required: bool = True) -> tuple[str, ...]:
    monkeypatch.setenv(NAME, value)
    return environment.addresses(NAME, "where a test looks", required=required)


def test_addresses_may_be_several_with_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    value = "http://10.0.0.1:8000, https://tier.example.org/cluster/telltale/"
    assert read(monkeypatch, value) == (
        "http://10.0.0.1:8000",
        "https://tier.example.org/cluster/telltale",
    )


@pytest.mark.parametrize(
    "value",
    [
        "tier.example.org",
        "ftp://tier.example.org",
        "http://",
        "http://tier.example.org:port",
        "http://tier.example.org:99999",
        "http://user:password@tier.example.org",
        "https://tier.example.org/?model=x",
        "https://tier.example.org/#x",
        "http://fine.example.org,nonsense",
    ],
)
def test_what_is_no_address_is_told_by_name(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=NAME):
        read(monkeypatch, value)


def test_none_are_enough_only_where_none_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, "", required=False) == ()
    for value in ("", " , "):
        with pytest.raises(ImproperlyConfigured, match=NAME):
            read(monkeypatch, value)


def test_a_file_that_is_named_has_to_be_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert environment.file(NAME, "a file of a test") is None
    monkeypatch.setenv(NAME, str(tmp_path / "missing.pem"))
    with pytest.raises(ImproperlyConfigured, match=NAME):
        environment.file(NAME, "a file of a test")
    (tmp_path / "missing.pem").write_text("here now")
    assert environment.file(NAME, "a file of a test") == tmp_path / "missing.pem"
