"""The crop of a prediction, as a picture."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from server.accounts.errors import TokenRejected
from server.accounts.identity import identify
from server.accounts.models import Scope, User
from server.predictions.models import PredictionCrop

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CACHE_SECONDS = 3600
JPEG_SIGNATURE = b"\xff\xd8\xff"


@csrf_exempt  # nothing is changed here: another method is refused as that, not as a forgery
@require_safe
def crop(request: HttpRequest, prediction_id: int) -> HttpResponse:
    """Answer with the 224×224 crop to its owner; to everybody else it does not exist."""
    return crop_for_owner(
        request,
        lambda user: (
            PredictionCrop.objects.filter(pk=prediction_id, prediction__user=user)
            .values_list("webp", flat=True)
            .first()
        ),
    )


def crop_for_owner(
    request: HttpRequest, find: "Callable[[User], bytes | memoryview[int] | None]"
) -> HttpResponse:
    """Answer with a picture, if the request may read and its user has such a one."""
    try:
        identity = identify(request)
    except TokenRejected:
        response: HttpResponse = JsonResponse({"error": "The token is not valid."}, status=401)
        response["WWW-Authenticate"] = "Bearer"
        return _uncached(response)
    found = None
    if identity.user is not None and identity.may(Scope.READ):
        found = find(identity.user)
    if found is None:
        return _uncached(JsonResponse({"error": "There is no such picture."}, status=404))
    picture = bytes(found)
    content_type = "image/jpeg" if picture.startswith(JPEG_SIGNATURE) else "image/webp"
    response = HttpResponse(picture, content_type=content_type)
    # A crop never changes. Private: a shared cache must not keep it.
    response["Cache-Control"] = f"private, max-age={MAX_CACHE_SECONDS}, immutable"
    patch_vary_headers(response, ("Cookie", "Authorization"))
    return response


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
