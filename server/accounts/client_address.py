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
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    return (_address(forwarded[-proxies]) if len(forwarded) >= proxies else None) or direct


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
