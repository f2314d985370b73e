"""The e-mails an account receives, sent after the answer.

A mail server takes its time: an answer that waited for it would tell that the address has an
account. So a thread sends them, one after the other; a worker that is stopped sends its last first.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from threading import BoundedSemaphore

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from server.accounts.models import User
from server.accounts.spelling import deliverable

MAX_WAITING = 50  # e-mails, of a worker; beyond them the mail server is down, and none would arrive

logger = logging.getLogger(__name__)

_sender: Executor = ThreadPoolExecutor(1, "e-mail")  # its thread begins with the first e-mail
_places = BoundedSemaphore(MAX_WAITING)


def send_password_reset(user: User) -> None:
    """Send the code a new password can be set with, soon."""
    _send_soon(lambda: _send_password_reset(user))


def _send_password_reset(user: User) -> None:
    identity = urlsafe_base64_encode(force_bytes(user.pk))
    text = render_to_string(
        "accounts/password_reset.txt",
        {
            "reset_token": f"{identity}.{default_token_generator.make_token(user)}",
            "site_url": settings.SITE_URL,
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        },
    )
    send_mail("Your Telltale password", text, None, [deliverable(user.email)])


def _send_soon(send: Callable[[], None]) -> None:
    if not _places.acquire(blocking=False):
        logger.error("Too many e-mails are waiting; one is not sent.")
        return
    _sender.submit(_send, send)


def _send(send: Callable[[], None]) -> None:
    try:
        send()
    except Exception as error:  # noqa: BLE001 - the thread's last seam: nobody waits to be told
        # Not its text: mail servers' refusals name the address.
        reason = getattr(error, "smtp_code", type(error).__name__)
        logger.error("An e-mail could not be sent: %s.", reason)  # noqa: TRY400 - see above
    finally:
        _places.release()
