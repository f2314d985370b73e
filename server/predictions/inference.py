"""The one classifier of this process, set up from the settings, and measured."""

from functools import cache

from django.conf import settings

from server.classifier.image_file import ImageLimits
from server.classifier.inference import Answer, Inference
from server.classifier.taught_head import TaughtClassifier
from server.classifier.tier import InferenceTier
from server.observability.instruments import (
    INFERENCE_SECONDS,
    PREDICTIONS,
    PREDICTIONS_IN_FLIGHT,
    PREDICTIONS_WAITING,
    REMOTE_ATTEMPTS,
    REMOTE_SECONDS,
    REMOTE_USABLE,
    WAIT_SECONDS,
)
from server.observability.request_facts import facts
from server.predictions.served import served

# Of a worker: its threads wait for the tier, not for a core.
IN_FLIGHT_REMOTELY = 8
TAUGHT = "taught"  # stands for the name of every classifier that somebody taught
UNKNOWN = "unknown"


class MeasuredInference(Inference):
    """Tells how many pictures it classified or refused, and how long each took."""

    def classify(
        self,
        image_bytes: bytes,
        model: str | None = None,
        taught: TaughtClassifier | None = None,
    ) -> Answer:
        """Return what `model`, or `taught`, sees in a picture; see `Inference`."""
        name = model or served().default.name
        # A name that no model has is the client's: it must not become a label, nor get into a log.
        label = TAUGHT if taught else name if name in served() else UNKNOWN
        try:
            answer = super().classify(image_bytes, model, taught)
        except Exception as error:
            PREDICTIONS.labels(label, type(error).__name__).inc()
            raise
        PREDICTIONS.labels(label, "answered").inc()
        INFERENCE_SECONDS.observe(answer.duration_ms / 1000)
        WAIT_SECONDS.observe(answer.waited_ms / 1000)
        request = facts()
        card = answer.classification.card
        request.model = TAUGHT if taught else f"{card.name} {card.version}"
        request.inference_ms = round(answer.duration_ms, 1)
        request.wait_ms = round(answer.waited_ms, 1)
        return answer


class _Queue:
    """Keeps the gauges of the queue."""

    def waiting_changed(self, change: int) -> None:
        PREDICTIONS_WAITING.inc(change)

    def in_flight_changed(self, change: int) -> None:
        PREDICTIONS_IN_FLIGHT.inc(change)


class _Attempts:
    """Counts what comes of asking the inference tier."""

    def attempted(self, outcome: str, seconds: float) -> None:
        REMOTE_ATTEMPTS.labels(outcome).inc()
        REMOTE_SECONDS.observe(seconds)

    def usable_servers_changed(self, change: int) -> None:
        REMOTE_USABLE.inc(change)


def _tier() -> InferenceTier | None:
    if settings.ENGINE != "remote":
        return None
    return InferenceTier(
        addresses=settings.TELLTALE_INFERENCE_URLS,
        token=settings.TELLTALE_INFERENCE_TOKEN,
        read_seconds=settings.TELLTALE_INFERENCE_TIMEOUT_MS / 1000,
        budget_seconds=settings.MAX_WAIT_SECONDS,
        authority=settings.TELLTALE_INFERENCE_CA,
        certificate=settings.TELLTALE_INFERENCE_CERTIFICATE,
        observer=_Attempts(),
    )


@cache
def inference() -> Inference:
    """Return the classifier of this process; `start` it after the fork, never before."""
    return MeasuredInference(
        served(),
        engine=settings.ENGINE,
        tier=_tier(),
        max_in_flight=IN_FLIGHT_REMOTELY if settings.ENGINE == "remote" else 1,
        limits=ImageLimits(max_bytes=settings.MAX_UPLOAD_BYTES, max_pixels=settings.MAX_PIXELS),
        max_waiting=settings.MAX_WAITING_PREDICTIONS,
        max_wait_seconds=settings.MAX_WAIT_SECONDS,
        observer=_Queue(),
    )
