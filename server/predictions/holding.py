"""Holding an account while what is its own is changed."""

from server.accounts.models import User
from server.predictions.errors import AccountGone


def hold_account(user: User) -> None:
    """Hold the row of the account until the transaction ends; it is the first that is held.

    Whoever deletes the account, or from its history, holds it too: nobody then waits in a circle,
    and two that would pass a limit together pass one after the other.

    Raises:
        AccountGone: it was deleted.
    """
    if User.objects.select_for_update(no_key=True).filter(pk=user.pk).first() is None:
        raise AccountGone
