"""The one classifier of this process, set up from the settings."""

from functools import cache

from django.conf import settings

from server.classifier.image_file import ImageLimits
from server.classifier.inference import Inference


@cache
def inference() -> Inference:
    """Return the classifier of this process; `start` it after the fork, never before."""
    return Inference(
        model_directory=settings.MODEL_DIRECTORY,
        engine=settings.ENGINE,
        limits=ImageLimits(max_bytes=settings.MAX_UPLOAD_BYTES, max_pixels=settings.MAX_PIXELS),
        max_waiting=settings.MAX_WAITING_PREDICTIONS,
        max_wait_seconds=settings.MAX_WAIT_SECONDS,
    )
