import pytest
from django.test import RequestFactory
from pytest_django import Settings

from server.accounts.client_address import client_address


def address(remote: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, "10.0.0.9"),
        (0, "203.0.113.5", "10.0.0.9"),
        (1, None, "10.0.0.9"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.5, 192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.5,203.0.113.6,192.0.2.1", "192.0.2.1"),
        (2, "192.0.2.1, 10.0.0.1", "192.0.2.1"),
        (2, "203.0.113.5, 192.0.2.1, 10.0.0.1", "192.0.2.1"),
        (2, "192.0.2.1", "10.0.0.9"),  # it did not pass both proxies
    ],
)
def test_believes_the_proxies_that_are_trusted_and_nobody_before_them(
    settings: Settings, proxies: int, forwarded: str | None, expected: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies

    assert address("10.0.0.9", forwarded) == expected


@pytest.mark.parametrize(
    "forwarded", ["", ",", "unknown", "192.0.2.1:443", "192.0.2.1,", "_hidden"]
)
def test_takes_the_direct_address_where_the_header_holds_none(
    settings: Settings, forwarded: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1

    assert address("10.0.0.9", forwarded) == "10.0.0.9"


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("", "::"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::"),
    ],
)
def test_tells_hosts_apart_and_not_the_addresses_of_one_host(remote: str, expected: str) -> None:
    assert address(remote) == expected
