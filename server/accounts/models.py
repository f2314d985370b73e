"""What is stored of an account."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.admin.models import LogEntry
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.functions import Now

from server.accounts.sessions import Session  # noqa: F401 - Django looks for models here
from server.accounts.spelling import (
    email_spelling,
    email_spellings,
    password_spelling,
    validate_email_spelling,
)


class UserManager(BaseUserManager["User"]):
    """Creates users. Addresses are kept in one spelling, so that one mailbox is one account."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return the one spelling of an address; of what is none, its letters in lower case."""
        text = email or ""
        try:
            return email_spelling(text)
        except ValueError:
            return text.strip().lower()

    def with_address(self, email: str) -> "User | None":
        """Find the user who is called so, in whichever spelling; one query, found or not."""
        spellings = email_spellings(email)
        return min(
            self.filter(email__in=spellings),
            key=lambda user: spellings.index(user.email),
            default=None,
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the user who logs in with an address, however it is spelled."""
        user = self.with_address(username or "")
        if user is None:
            raise self.model.DoesNotExist
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":  # noqa: ANN401 - Django's own signature
        """Create a user with a hashed password (none: nobody can log in)."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":  # noqa: ANN401 - Django's own signature
        """Create a user who may do everything in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account, known by e-mail address."""

    email = models.EmailField(unique=True, validators=[validate_email_spelling])
    date_joined = models.DateTimeField(db_default=Now(), editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May log in to the admin.")

    objects: ClassVar[UserManager] = UserManager()
    # Of the quota of which day how much, where it was asked along (see `quota`).
    used_when_found: tuple[date, int] | None = None

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Fold the address where a form sets it; one that is not could never log in."""
        super().clean()
        self.email = User.objects.normalize_email(self.email)

    def delete(self, *arguments: Any, **options: Any) -> tuple[int, dict[str, int]]:  # noqa: ANN401 - Django's own signature
        """Delete the user with everything of theirs; the admin's log forgets the address.

        Whoever stores or deletes something of the account holds its row too, so that one waits for
        the other before either holds what the other needs.
        """
        with transaction.atomic():
            User.objects.select_for_update().filter(pk=self.pk).first()
            LogEntry.objects.filter(
                content_type=ContentType.objects.get_for_model(User), object_id=str(self.pk)
            ).update(object_repr=f"user {self.pk}")
            return super().delete(*arguments, **options)

    def set_password(self, raw_password: str | None) -> None:
        """Keep the hash of a password in its one spelling; None: nobody can log in."""
        spelled = None if raw_password is None else password_spelling(raw_password)
        super().set_password(spelled)

    def check_password(self, raw_password: str | None) -> bool:
        """Return whether this is the password; of an older version, as it was typed then.

        It kept the hash of what was typed. That is replaced when it is found right.
        """
        spelled = password_spelling(raw_password or "")
        if super().check_password(spelled):
            return True
        if spelled == raw_password or not super().check_password(raw_password):
            return False
        self.set_password(raw_password)
        self.save(update_fields=["password"])
        return True


class Scope(models.TextChoices):
    """What a personal access token may do."""

    READ = "READ"
    PREDICT = "PREDICT"
    MANAGE = "MANAGE"


class ApiToken(models.Model):
    """A personal access token. The secret itself is shown once and never stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)  # SHA-256, hexadecimal
    hint = models.CharField(max_length=12, editable=False)  # the first characters, to tell it by
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope.choices))
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class DailyUsage(models.Model):
    """How many predictions an account has made on a day (UTC).

    Counted apart from the predictions, so that deleting history gives no quota back.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="daily_usage")
    day = models.DateField()
    predictions = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "daily usage"
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_usage_a_day")]

    def __str__(self) -> str:
        return f"{self.predictions} on {self.day}"


class ThrottleWindow(models.Model):
    """How often something was tried since a while ago; see `server.accounts.throttle`."""

    key = models.CharField(max_length=64, primary_key=True)  # a keyed SHA-256, hexadecimal
    ends_at = models.DateTimeField(db_index=True)
    taken = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.taken} until {self.ends_at}"
