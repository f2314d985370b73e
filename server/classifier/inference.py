"""The classifier of a server process: loads itself, bounds the work, answers with everything."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from server.classifier.admission import Admission
from server.classifier.errors import ModelNotReady, TierError
from server.classifier.image_file import ImageLimits
from server.classifier.large_pictures import LARGE_PICTURE_BYTES, LargePictures
from server.classifier.loading import load_classifier
from server.classifier.preprocessing import decode_opened, memory_bytes, open_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from server.classifier.admission import AdmissionObserver
    from server.classifier.card import ModelCard
    from server.classifier.catalogue import Catalogue
    from server.classifier.classifier import Classification, Classifier
    from server.classifier.engine import EngineName
    from server.classifier.image_file import OpenedImage
    from server.classifier.preprocessing import DecodedImage
    from server.classifier.taught_head import TaughtClassifier
    from server.classifier.tier import InferenceTier

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What is in a picture, what the picture was, and how long it took."""

    classification: Classification
    image: DecodedImage
    duration_ms: float  # decoding and inference
    waited_ms: float  # for the model to load and for a slot

    @property
    def crop(self) -> npt.NDArray[np.uint8]:
        """What the model saw: ``(side, side, 3) uint8, RGB``."""
        return self.image.pixels


class Inference:
    """One a process; safe to call from several threads at once."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        engine: EngineName = "onnx",
        tier: InferenceTier | None = None,
        limits: ImageLimits | None = None,
        max_in_flight: int = 1,
        max_waiting: int = 8,
        max_wait_seconds: float = 10.0,
        observer: AdmissionObserver | None = None,
    ) -> None:
        """Remember the arguments; nothing is loaded before ``start``.

        ``max_wait_seconds`` bounds the wait for the model to load, that of a large picture for its
        turn, and the wait for a slot. A third of ``max_waiting`` may be large pictures.
        """
        self.limits = limits or ImageLimits()
        self.failure: Exception | None = None
        self._catalogue = catalogue
        self._engine = engine
        self._tier = tier
        self._max_wait_seconds = max_wait_seconds
        self._admission = Admission(
            max_in_flight=max_in_flight,
            max_waiting=max_waiting,
            max_wait_seconds=max_wait_seconds,
            observer=observer,
        )
        self._large_pictures = LargePictures(
            max_waiting=max_waiting // 3, max_wait_seconds=max_wait_seconds
        )
        self._classifiers: dict[str, Classifier] = {}
        self._start_lock = threading.Lock()
        self._started = False
        self._awaited: set[str] = set()  # names of models that somebody has a picture for
        self._finished_loading = threading.Event()

    def start(self) -> None:
        """Begin loading in the background and return at once; call it after the fork."""
        with self._start_lock:
            if self._started:
                return
            self._started = True
        threading.Thread(target=self._load, name="classifier-loading", daemon=True).start()

    def is_ready(self) -> bool:
        """Return whether ``classify`` would answer without waiting for the model."""
        return self._finished_loading.is_set() and self.failure is None

    def classify(
        self,
        image_bytes: bytes,
        model: str | None = None,
        taught: TaughtClassifier | None = None,
    ) -> Answer:
        """Return what ``model`` (None: the default one), or ``taught``, sees in a picture.

        Raises ``ModelUnknown``, ``ImageError``, ``ModelNotReady``, ``Busy`` or ``TierError``.
        """
        card = self._catalogue.named(model) if taught is None else taught.card.backbone
        # A picture that will be refused must not wait for a slot, nor take one.
        with open_for(card, image_bytes, self.limits) as opened:
            return self._classify(opened, card, taught)

    def classifier(self, model: str | None = None) -> Classifier:
        """Return ``model`` (None: the default one) itself, for what needs no backbone.

        Raises ``ModelUnknown`` or ``ModelNotReady``.
        """
        card = self._catalogue.named(model)
        self._wait_until_ready()
        return self._classifiers[card.name]

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn at the cores, as a picture does, and hold it; raises ``Busy``."""
        with self._admission.slot():
            yield

    def _classify(
        self, opened: OpenedImage, card: ModelCard, taught: TaughtClassifier | None
    ) -> Answer:
        is_large = memory_bytes(opened) > LARGE_PICTURE_BYTES
        came = time.perf_counter()
        self._awaited.add(card.name)
        self._wait_until_ready()
        turn = self._large_pictures.turn() if is_large else nullcontext()
        # The turn first: a small picture must not wait for a slot that only waits itself.
        with turn, self._admission.slot():
            started = time.perf_counter()
            image = decode_opened(opened, card)
            classification = self._classifiers[card.name].classify(image.pixels, taught)
            duration_ms = (time.perf_counter() - started) * 1000
        return Answer(
            classification=classification,
            image=image,
            duration_ms=duration_ms,
            waited_ms=(started - came) * 1000,
        )

    def _wait_until_ready(self) -> None:
        self.start()
        started = time.monotonic()
        self._finished_loading.wait(self._max_wait_seconds)
        if not self.is_ready():
            raise ModelNotReady(
                waited_seconds=time.monotonic() - started, failure=self.failure
            ) from self.failure

    def _load(self) -> None:
        started = time.monotonic()
        try:
            for card in self._catalogue:
                classifier = load_classifier(
                    card,
                    engine=self._engine,
                    model_directory=self._catalogue.directory,
                    tier=self._tier,
                )
                # The first run allocates and is slow: not the first visitor's wait. Who waits
                # for this model already is answered by it.
                if card.name not in self._awaited:
                    _try(classifier)
                self._classifiers[card.name] = classifier
        except Exception as error:
            # Whatever it was, callers are told at once instead of waiting for nothing.
            logger.exception("The classifier failed to load")
            self.failure = error
        else:
            logger.info("The classifier loaded in %.1f s", time.monotonic() - started)
        finally:
            self._finished_loading.set()


def _try(classifier: Classifier) -> None:
    """Have it look at a black picture."""
    side = classifier.card.input_size
    with contextlib.suppress(TierError):  # a tier may be gone again, and come back
        classifier.classify(np.zeros((side, side, 3), np.uint8))
