"""The Django application of predictions."""

from django.apps import AppConfig


class PredictionsConfig(AppConfig):
    """Predictions and their history."""

    name = "server.predictions"
    verbose_name = "Predictions"
