"""The crop of a prediction, as a picture."""

import logging
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from server.accounts.errors import TokenRejected
from server.accounts.identity import identify
from server.accounts.models import Scope, User
from server.predictions.crops import read
from server.predictions.errors import CropLost, CropUnreachable
from server.predictions.models import PredictionCrop

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CACHE_SECONDS = 3600
RETRY_AFTER_SECONDS = 5
_CONTENT_TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}

logger = logging.getLogger(__name__)


@csrf_exempt  # nothing is changed here: another method is refused as that, not as a forgery
@require_safe
def crop(request: HttpRequest, prediction_id: int) -> HttpResponseBase:
    """Answer with the crop to its owner; to everybody else it does not exist."""

    def find(user: User) -> bytes | None:
        kept = PredictionCrop.objects.filter(pk=prediction_id, prediction__user=user).first()
        return None if kept is None else read(kept)

    return picture_for_owner(request, find)


def picture_for_owner(
    request: HttpRequest, find: "Callable[[User], bytes | memoryview[int] | None]"
) -> HttpResponseBase:
    """Answer with a picture, if the request may read and its user has such a one.

    Whatever `find` raises of `CropLost` and `CropUnreachable` is told as what it is.
    """

    def found(user: User) -> HttpResponseBase | None:
        try:
            kept = find(user)
        except CropLost as lost:
            logger.error("The storage has lost %s, of %s.", lost.object_key, request.path)  # noqa: TRY400 - no bug
            return _uncached(JsonResponse({"error": "This picture is lost."}, status=410))
        except CropUnreachable:
            message = "The picture can't be read just now; try again in a moment."
            response = _uncached(JsonResponse({"error": message}, status=503))
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return response
        return None if kept is None else _picture(bytes(kept))

    return answer_for_owner(request, found, thing="picture")


def answer_for_owner(
    request: HttpRequest, find: "Callable[[User], HttpResponseBase | None]", *, thing: str
) -> HttpResponseBase:
    """Answer with what `find` has for the user of the request, if that may read.

    To everybody else there is no such `thing`.
    """
    try:
        identity = identify(request)
    except TokenRejected:
        response = JsonResponse({"error": "The token is not valid."}, status=401)
        response["WWW-Authenticate"] = "Bearer"
        return _uncached(response)
    found = None
    if identity.user is not None and identity.may(Scope.READ):
        found = find(identity.user)
    if found is None:
        return _uncached(JsonResponse({"error": f"There is no such {thing}."}, status=404))
    return found


def _picture(picture: bytes) -> HttpResponse:
    response = HttpResponse(picture, content_type=_content_type(picture))
    # Such a picture never changes. Private: a shared cache must not keep it.
    response["Cache-Control"] = f"private, max-age={MAX_CACHE_SECONDS}, immutable"
    patch_vary_headers(response, ("Cookie", "Authorization"))
    return response


def _content_type(picture: bytes) -> str:
    known = (kind for signature, kind in _CONTENT_TYPES.items() if picture.startswith(signature))
    return next(known, "image/webp")


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
