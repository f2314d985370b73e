"""The Django application of the API: the playground's files and the schema command."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """GraphQL."""

    name = "server.api"
    verbose_name = "API"
