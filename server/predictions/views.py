"""The crop of a prediction, as a picture."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from server.accounts.errors import TokenRejected
from server.accounts.identity import identify
from server.accounts.models import Scope
from server.predictions.models import PredictionCrop

MAX_CACHE_SECONDS = 3600
JPEG_SIGNATURE = b"\xff\xd8\xff"


@csrf_exempt  # nothing is changed here: another method is refused as that, not as a forgery
@require_safe
def crop(request: HttpRequest, prediction_id: int) -> HttpResponse:
    """Answer with the 224×224 crop to its owner; to everybody else it does not exist."""
    try:
        identity = identify(request)
    except TokenRejected:
        response: HttpResponse = JsonResponse({"error": "The token is not valid."}, status=401)
        response["WWW-Authenticate"] = "Bearer"
        return _uncached(response)
    picture = None
    if identity.user is not None and identity.may(Scope.READ):
        owned = PredictionCrop.objects.filter(pk=prediction_id, prediction__user=identity.user)
        picture = owned.values_list("webp", flat=True).first()
    if picture is None:
        return _uncached(JsonResponse({"error": "There is no such picture."}, status=404))
    picture = bytes(picture)
    content_type = "image/jpeg" if picture.startswith(JPEG_SIGNATURE) else "image/webp"
    response = HttpResponse(picture, content_type=content_type)
    # A crop never changes. Private: a shared cache must not keep it.
    response["Cache-Control"] = f"private, max-age={MAX_CACHE_SECONDS}, immutable"
    patch_vary_headers(response, ("Cookie", "Authorization"))
    return response


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
