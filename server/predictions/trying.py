"""Answers for whoever has no account yet. Nothing of them is kept."""

from datetime import timedelta
from functools import cache
from threading import BoundedSemaphore

from django.conf import settings
from django.http import HttpRequest

from server.accounts import throttle
from server.accounts.address_limits import AddressLimit, tries_from_address
from server.accounts.throttle import Limit
from server.classifier.errors import Busy, ModelNotReady
from server.classifier.inference import Answer
from server.predictions.errors import TryingIsOff
from server.predictions.inference import inference

# Times those of one client, for all who share an address: behind the proxy of another host that is
# everybody. What it lets through at most, should somebody make addresses up, is a fiftieth of a
# core.
SHARED_TRIES = 100
SHARE_OF_QUEUE = 3  # of the places that a worker has for waiting, tries get one in so many


def try_out(request: HttpRequest, image: bytes, *, model: str | None = None) -> Answer:
    """Classify a photo for anybody, and keep nothing.

    Raises:
        TryingIsOff: this server answers with an account only.
        TriesSpent: the client's network address has had as many as it may in an hour.
        ClassifierError: see `server.classifier.errors`; `Busy` too where others who try wait.
    """
    if settings.TRIES_PER_HOUR == 0:
        raise TryingIsOff
    turns = _turns()
    if not turns.acquire(blocking=False):
        raise Busy(in_flight=0, waiting=0, waited_seconds=0)
    try:
        return _counted(request, image, model)
    finally:
        turns.release()


def _counted(request: HttpRequest, image: bytes, model: str | None) -> Answer:
    tries = tries_from_address(request, _tries_of_address())
    throttle.take_all(tries)
    try:
        return inference().classify(image, model)
    except (Busy, ModelNotReady):
        for limit, subject in tries:
            throttle.give_back(limit, subject)
        raise


def _tries_of_address() -> AddressLimit:
    tries, hour = settings.TRIES_PER_HOUR, timedelta(hours=1)
    return AddressLimit(
        Limit("tries", tries, hour),
        Limit("tries from a shared address", SHARED_TRIES * tries, hour),
    )


@cache
def _turns() -> BoundedSemaphore:
    """Return the places for tries in this process, so that accounts always find some left."""
    return BoundedSemaphore(max(1, settings.MAX_WAITING_PREDICTIONS // SHARE_OF_QUEUE))
