"""The crop of an example that is no prediction, heat maps, and archives of versions."""

from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from server.accounts.models import User
from server.classifier.errors import Busy, ModelNotReady, TierError
from server.classifier.heat_map import draw_overlay
from server.predictions.views import answer_for_owner, picture_for_owner
from server.teaching.archive import archive_of
from server.teaching.errors import LabelUnknown
from server.teaching.explaining import heat_map_of
from server.teaching.models import ClassifierVersion, Example

OVERLAY_SIDE = 224  # pixels, as a crop's
RETRY_SECONDS = 2


@csrf_exempt  # nothing is changed here: another method is refused as that, not as a forgery
@require_safe
def crop(request: HttpRequest, example_id: int) -> HttpResponseBase:
    """Answer with the crop to its owner; to everybody else it does not exist."""
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
def heat_map(request: HttpRequest, prediction_id: int) -> HttpResponseBase:
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


@csrf_exempt  # as above
@require_safe
def archive(request: HttpRequest, version_id: int) -> HttpResponseBase:
    """Answer with the archive of a version to its owner, piece by piece."""

    def found(user: User) -> HttpResponseBase | None:
        versions = ClassifierVersion.objects.select_related("classifier")
        version = versions.filter(pk=version_id, classifier__user=user).first()
        pieces = None if version is None else archive_of(version)
        if version is None or pieces is None:
            return None
        response = StreamingHttpResponse(pieces, content_type="application/zip")
        file_name = f"{version.classifier.name}-{version.number}.zip"
        disposition = content_disposition_header(as_attachment=True, filename=file_name)
        response["Content-Disposition"] = disposition or "attachment"
        response["Cache-Control"] = "private, no-store"
        return response

    return answer_for_owner(request, found, thing="archive")
