"""Predictions in the admin: history can be looked at and deleted, never rewritten or invented."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from server.predictions.models import ModelVersion, Prediction


@admin.register(Prediction)
class PredictionAdmin(admin.ModelAdmin):
    """Predictions of all users."""

    list_display = ("id", "user", "created_at", "label", "confidence", "model_version")
    list_select_related = ("user", "model_version")
    list_filter = ("model_version", "image_format")
    search_fields = ("user__email", "=label")
    exclude = ("embedding",)
    show_full_result_count = False  # counting a million rows says nothing worth a second
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prediction]:
        """Leave out what nobody can read."""
        return (
            super().get_queryset(request).defer("embedding", "signature", "model_version__labels")
        )

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Predictions are made by the classifier alone."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Prediction | None = None) -> bool:
        """An answer stays as it was given."""
        return False


@admin.register(ModelVersion)
class ModelVersionAdmin(admin.ModelAdmin):
    """Versions that have made predictions."""

    list_display = ("name", "version", "license", "source")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """A version is written by its first prediction."""
        return False

    def has_change_permission(
        self, _request: HttpRequest, _obj: ModelVersion | None = None
    ) -> bool:
        """Predictions refer to it as it was."""
        return False
