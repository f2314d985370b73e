"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the IP address of the client.

    Every proxy appends the address it was called from to `X-Forwarded-For`, so only the last
    `TRUSTED_PROXY_COUNT` entries are worth believing: whatever stands before them, the client
    wrote.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.TRUSTED_PROXY_COUNT
    if proxies == 0:
        return direct
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return forwarded[-proxies] if len(forwarded) >= proxies else direct
