"""The crop of an example that is no prediction, as a picture."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from server.predictions.views import crop_for_owner
from server.teaching.models import Example


@csrf_exempt  # nothing is changed here: another method is refused as that, not as a forgery
@require_safe
def crop(request: HttpRequest, example_id: int) -> HttpResponse:
    """Answer with the 224×224 crop to its owner; to everybody else it does not exist."""
    return crop_for_owner(
        request,
        lambda user: (
            Example.objects.filter(pk=example_id, classifier__user=user, crop__isnull=False)
            .values_list("crop", flat=True)
            .first()
        ),
    )
