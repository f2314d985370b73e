"""Other machines run the graph: the engine of a web worker before an inference tier."""

from __future__ import annotations

import itertools
import logging
import time
from typing import TYPE_CHECKING

import numpy as np

from server.classifier.engine import EMBEDDING_OUTPUT, FEATURE_MAP_OUTPUT, Features
from server.classifier.errors import TierBusy, TierDiffers, TierError, TierRefuses, TierUnreachable
from server.classifier.patience import MAX_ATTEMPTS, RetryAllowance, pause_seconds
from server.classifier.remote_server import RemoteServer

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from server.classifier.patience import Permit
    from server.classifier.remote_model import RemoteModel
    from server.classifier.tier import InferenceTier

VERIFY_AGAIN_SECONDS = 2.0

logger = logging.getLogger(__name__)


class RemoteEngine:
    """An ``Engine`` that asks the servers of a tier in turn; create it after the fork.

    An embedding depends on the picture alone, so a call that was lost may be made again.
    """

    def __init__(self, model: RemoteModel, tier: InferenceTier) -> None:
        """Connect to nothing yet."""
        self._servers = [RemoteServer(address, model, tier) for address in tier.addresses]
        self._golden = model.golden_pixels
        self._output = model.output
        self._budget_seconds = tier.budget_seconds
        self._observer = tier.observer
        self._allowance = RetryAllowance()
        self._turn = itertools.count()

    def embed(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the embedding of ``pixels``, or the logits; raises ``TierError``."""
        (told,) = self._run([self._output], pixels)
        return told

    def features(self, pixels: npt.NDArray[np.uint8]) -> Features:
        """Return the same with the feature map, which is fifty times as many bytes."""
        return Features(*self._run([FEATURE_MAP_OUTPUT, EMBEDDING_OUTPUT], pixels))

    def wait_until_verified(self) -> None:
        """Return once a server has shown that it runs our graph, however long that takes.

        The tier may start later than this, or have the right graph only after an update.
        """
        told: set[str] = set()
        while True:
            for server in self._servers:
                permit = server.breaker.admit()
                if permit is None:
                    continue
                ends = time.monotonic() + self._budget_seconds
                try:
                    self._attempt(server, permit, self._golden, [self._output], ends)
                except TierError as error:
                    if str(error) not in told:  # once, not every two seconds
                        logger.warning("An inference server can't be used yet: %s", error)
                    told.add(str(error))
                else:
                    return
            time.sleep(VERIFY_AGAIN_SECONDS)

    def _run(
        self, outputs: Sequence[str], pixels: npt.NDArray[np.uint8]
    ) -> list[npt.NDArray[np.float32]]:
        # One picture a call: any server takes that, whatever its graph was exported for.
        answers = [self._answer(picture, outputs) for picture in pixels[:, np.newaxis]]
        return [np.concatenate([answer[name] for answer in answers]) for name in outputs]

    def _answer(
        self, picture: npt.NDArray[np.uint8], outputs: Sequence[str]
    ) -> dict[str, npt.NDArray[np.float32]]:
        ends = time.monotonic() + self._budget_seconds
        self._allowance.call_began()
        failure: TierError | None = None
        for attempt in range(1, MAX_ATTEMPTS + 1):
            chosen = self._next_server()
            if chosen is None:
                break
            try:
                return self._attempt(*chosen, picture, outputs, ends)
            except (TierUnreachable, TierDiffers) as error:
                failure = error
            pause = pause_seconds(attempt)
            is_last = attempt == MAX_ATTEMPTS or time.monotonic() + pause >= ends
            if is_last or not self._allowance.take():
                break
            time.sleep(pause)
        addresses = ", ".join(server.address for server in self._servers)
        reason = f"{failure}" if failure else "all have failed a moment ago"
        raise TierUnreachable(addresses, reason) from failure

    def _next_server(self) -> tuple[RemoteServer, Permit] | None:
        """Return the next in turn that may be called, with the leave to."""
        first = next(self._turn)
        for index in range(len(self._servers)):
            server = self._servers[(first + index) % len(self._servers)]
            permit = server.breaker.admit()
            if permit is not None:
                return server, permit
        return None

    def _attempt(
        self,
        server: RemoteServer,
        permit: Permit,
        picture: npt.NDArray[np.uint8],
        outputs: Sequence[str],
        ends: float,
    ) -> dict[str, npt.NDArray[np.float32]]:
        """Ask a server, and tell its breaker how it went; who tries it has it prove what it is."""
        began = time.monotonic()
        try:
            if permit.tries:
                server.verify(ends=ends)
            answer = server.answer(picture, outputs, ends=ends)
        except BaseException as error:
            self._failed(server, permit, error)
            self._observer.attempted(type(error).__name__, time.monotonic() - began)
            raise
        if server.breaker.succeeded(permit):
            self._observer.usable_servers_changed(+1)
        self._observer.attempted("answered", time.monotonic() - began)
        return answer

    def _failed(self, server: RemoteServer, permit: Permit, error: BaseException) -> None:
        """Tell the breaker; a server that is only busy, or finds fault with us, lives."""
        if not permit.tries and isinstance(error, TierBusy | TierRefuses):
            server.breaker.succeeded(permit)
        elif server.breaker.failed(permit, for_good=isinstance(error, TierDiffers)):
            self._observer.usable_servers_changed(-1)
            logger.warning("An inference server is left alone for a while: %s", error)
