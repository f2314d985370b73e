"""Sessions that know their user, so that they can be ended from outside and go with the account."""

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import IntegrityError, models
from django.utils import timezone

EXPIRED_SESSIONS_REMOVED = 10  # by each that begins: no job is needed that clears the table


class SessionStore(db.SessionStore):
    """Django's sessions in the database, in a table of ours."""

    @classmethod
    def get_model_class(cls) -> "type[Session]":
        """Return the table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> "Session":
        """Return the row of a session, with the user it is logged in as."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)  # noqa: S101 - made of `get_model_class`
        user_id = data.get(SESSION_KEY)
        row.user_id = None if user_id is None else int(user_id)
        return row

    def create(self) -> None:
        """Begin a session, and remove some that have expired."""
        expired = Session.objects.filter(expire_date__lt=timezone.now()).order_by("expire_date")
        keys = expired.values_list("pk", flat=True)[:EXPIRED_SESSIONS_REMOVED]
        Session.objects.filter(pk__in=list(keys)).delete()
        super().create()

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's own signature
        """Store the session.

        Raises:
            UpdateError: it has ended meanwhile, or its account was deleted.
        """
        try:
            super().save(must_create=must_create)
        except IntegrityError as error:
            raise UpdateError from error


class Session(AbstractBaseSession):
    """A session. Its user is a column too, so that it goes with the account."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta(AbstractBaseSession.Meta):
        app_label = "accounts"  # Django may import this before it knows its applications

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """Return what reads and writes the rows."""
        return SessionStore


def end_sessions(user_id: int) -> None:
    """End every session of the user."""
    Session.objects.filter(user=user_id).delete()
