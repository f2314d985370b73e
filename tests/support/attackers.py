"""Attackers with as many network addresses as they like."""

from datetime import timedelta

from django.utils import timezone

from server.accounts.models import ThrottleWindow
from server.accounts.throttle import Limit
from tests.support.api import Api
from tests.support.mutations import error_codes, log_in


def at(client: Api, number: int) -> Api:
    """The same client at another network address, one for each number."""
    client.http.defaults["REMOTE_ADDR"] = f"198.51.{number // 250}.{number % 250 + 1}"
    return client


def guesses_from_everywhere(client: Api, email: str, count: int) -> list[str]:
    """Log in with wrong passwords, each from an address of its own; the code of each answer."""
    return [
        error_codes(log_in(at(client, number), email, f"guess {number}"))[0]
        for number in range(count)
    ]


def let_windows_end(limit: Limit | None = None) -> None:
    """Have the windows of the throttle end, as after an hour; of a limit, as after its period."""
    windows = ThrottleWindow.objects.all()
    if limit is not None:
        soon = timezone.now() + limit.period
        windows = windows.filter(ends_at__lte=soon)
    windows.update(ends_at=timezone.now() - timedelta(seconds=1))
