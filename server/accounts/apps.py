"""The Django application of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, tokens and quota."""

    name = "server.accounts"
    verbose_name = "Accounts"
