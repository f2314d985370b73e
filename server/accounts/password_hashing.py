"""Passwords are hashed one at a time, so that logging in can't keep all cores busy.

A hash is slow by design, a third of a second of a core. Without a bound eight logins at once would
hold every thread and core of a worker that others want their predictions from.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from server.accounts.errors import TooManyLogins
from server.classifier.admission import Admission
from server.classifier.errors import Busy

MAX_WAITING = 4  # with the one that is hashed, five of a worker's eight threads
MAX_WAIT_SECONDS = 10

_ADMISSION = Admission(max_in_flight=1, max_waiting=MAX_WAITING, max_wait_seconds=MAX_WAIT_SECONDS)


@contextmanager
def hashing_turn() -> Iterator[None]:
    """Wait for a turn to hash a password, and hold it inside the `with` block.

    Raises:
        TooManyLogins: too many wait already, or the turn did not come in time.
    """
    with ExitStack() as turn:
        try:
            turn.enter_context(_ADMISSION.slot())
        except Busy as error:
            raise TooManyLogins from error
        yield
