"""Accounts in the admin: what a person may correct can be edited, what happened can't."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from server.accounts.errors import TooManyLogins
from server.accounts.models import ApiToken, DailyUsage, User


class LogInForm(AdminAuthenticationForm):
    """Logs in to the admin."""

    def clean_username(self) -> str:
        """Fold the address as everywhere, or each spelling of it would have guesses of its own."""
        return User.objects.normalize_email(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """Ask to come again where too many passwords wait to be hashed."""
        try:
            return super().clean()
        except TooManyLogins as error:
            raise ValidationError("Too many people are logging in; try again soon.") from error


admin.site.login_form = LogInForm


class UserCreationForm(AdminUserCreationForm):
    """Creates a user by e-mail address."""

    class Meta:
        model = User
        fields = ("email",)


@admin.register(User)
class TelltaleUserAdmin(UserAdmin):
    """Users, by e-mail address."""

    add_form = UserCreationForm
    ordering = ("-date_joined",)
    list_display = ("email", "date_joined", "last_login", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email",)
    readonly_fields = ("date_joined", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Permissions", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "usable_password", "password1", "password2"),
            },
        ),
    )

    def delete_queryset(self, _request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete one after the other, each as `User.delete` does."""
        for user in queryset:
            user.delete()


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Tokens: they can be revoked here, not made or given more rights."""

    list_display = ("hint", "name", "user", "scopes", "created_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "name")
    fields = (*list_display, "expires_at")

    def get_readonly_fields(
        self, _request: HttpRequest, obj: ApiToken | None = None
    ) -> tuple[str, ...]:
        """Allow nothing but to revoke a token that is not; what is revoked stays so."""
        is_revoked = obj is not None and obj.revoked_at is not None
        return tuple(name for name in self.fields if is_revoked or name != "revoked_at")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Only its owner can make a token."""
        return False


@admin.register(DailyUsage)
class DailyUsageAdmin(admin.ModelAdmin):
    """Counted predictions, to look at."""

    list_display = ("user", "day", "predictions")
    list_select_related = ("user",)
    date_hierarchy = "day"

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Counts come from predictions alone."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: DailyUsage | None = None) -> bool:
        """Counts come from predictions alone."""
        return False
