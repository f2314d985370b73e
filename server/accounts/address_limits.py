"""How often one network address may do something, and what holds where many people share one.

Behind the proxy of another host everybody seems to have its address (see `claimed_address`). There,
each address that the proxy names has the tries of one client, and all of them together have many
more: the first keeps one client from using up what the others need, the second bounds whoever comes
without the proxy and makes a name up for each try. His is another trusted address than the proxy's,
so that nobody behind it is stopped by him.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from server.accounts.client_address import claimed_address, client_address
from server.accounts.throttle import Limit, Try


@dataclass(frozen=True)
class AddressLimit:
    """What one client may do, and what all may who share an address."""

    of_client: Limit
    of_shared: Limit


def tries_from_address(request: HttpRequest, limit: AddressLimit, subject: str = "") -> list[Try]:
    """Return the tries that a request takes, the wider one first: a name made up is not kept."""
    address, claimed = client_address(request), claimed_address(request)
    if claimed is None:
        return [(limit.of_client, f"{subject} {address}")]
    return [
        (limit.of_shared, f"{subject} {address}"),
        (limit.of_client, f"{subject} {address} {claimed}"),
    ]
