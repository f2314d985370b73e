"""Pictures of teaching: the crop of an example that is no prediction, and heat maps."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from server.accounts.models import User
from server.classifier.errors import Busy, ModelNotReady, TierError
from server.classifier.heat_map import draw_overlay
from server.predictions.views import picture_for_owner
from server.teaching.errors import LabelUnknown
from server.teaching.explaining import heat_map_of
from server.teaching.models import Example

OVERLAY_SIDE = 224  # pixels, as a crop's
RETRY_SECONDS = 2


@csrf_exempt  # nothing is changed here: another method is refused as that, not as a forgery
@require_safe
def crop(request: HttpRequest, example_id: int) -> HttpResponse:
    """Answer with the 224×224 crop to its owner; to everybody else it does not exist."""
    return picture_for_owner(
        request,
        lambda user: (
            Example.objects.filter(pk=example_id, classifier__user=user, crop__isnull=False)
            .values_list("crop", flat=True)
            .first()
        ),
    )


@csrf_exempt  # as above
@require_safe
def heat_map(request: HttpRequest, prediction_id: int) -> HttpResponse:
    """Answer with where a label of a prediction comes from, drawn now, to lay over the crop."""

    def drawn(user: User) -> bytes | None:
        try:
            found = heat_map_of(user, prediction_id, request.GET.get("label"))
        except LabelUnknown:
            return None
        return None if found is None else draw_overlay(found.grid, OVERLAY_SIDE)

    try:
        return picture_for_owner(request, drawn)
    except (Busy, ModelNotReady, TierError):
        response = JsonResponse({"error": "Try again in a moment."}, status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        response["Cache-Control"] = "private, no-store"
        return response
