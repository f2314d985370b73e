"""Where a request comes from."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN_ADDRESS = "::"  # a socket without an address: guesses from there count together
HOST_PREFIX_BITS = 64  # of IPv6: what one host is usually given to choose its addresses from


def client_address(request: HttpRequest) -> str:
    """Return the IP address of the client; of IPv6 the network, which is what a client has.

    Every proxy appends the address it was called from to `X-Forwarded-For`, so only the last
    `TRUSTED_PROXY_COUNT` entries are worth believing: whatever stands before them, the client
    wrote.
    """
    direct = _address(str(request.META.get("REMOTE_ADDR", ""))) or UNKNOWN_ADDRESS
    proxies = settings.TRUSTED_PROXY_COUNT
    if proxies == 0:
        return direct
    return _forwarded(request, proxies) or direct


def claimed_address(request: HttpRequest) -> str | None:
    """Return the address that comes before the trusted ones; None where there is none.

    Whoever opens the client at one of `CLIENT_ORIGINS` comes through that host's proxy, and the
    trusted address is the proxy's. It tells whose request it is (Vercel writes the client's address
    over whatever stood there), but anybody who comes without it can write the same.
    """
    if not settings.CLIENT_MAY_COME_BY_ANOTHER_HOST:
        return None
    return _forwarded(request, settings.TRUSTED_PROXY_COUNT + 1)


def _forwarded(request: HttpRequest, from_the_end: int) -> str | None:
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    return _address(forwarded[-from_the_end]) if len(forwarded) >= from_the_end else None


def _address(text: str) -> str | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((int(address), HOST_PREFIX_BITS), strict=False).network_address)
    return str(address)
