"""The Django application of classifiers that people teach."""

from django.apps import AppConfig


class TeachingConfig(AppConfig):
    """Classifiers, labels, examples and versions."""

    name = "server.teaching"
    verbose_name = "Teaching"
