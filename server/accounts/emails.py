"""The e-mails an account receives."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from server.accounts.models import User


def send_password_reset(user: User, reset_token: str) -> None:
    """Send the code a new password can be set with."""
    text = render_to_string(
        "accounts/password_reset.txt",
        {
            "reset_token": reset_token,
            "site_url": settings.SITE_URL,
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        },
    )
    send_mail("Your Telltale password", text, None, [user.email])
