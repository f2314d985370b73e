"""Versions as what answers: their heads, the latest used kept in memory.

A version never changes, so a head that is kept is never wrong; which version answers is read from
the database each time.
"""

import hashlib
import json
from collections import OrderedDict
from threading import Lock

from server.classifier.card import TaughtCard
from server.classifier.taught_head import TaughtClassifier, TaughtHead, head_from_bytes
from server.teaching.backbones import backbone_of
from server.teaching.errors import NoSuchThing, Thing
from server.teaching.models import ClassifierVersion

MOST_BYTES = 8 * 2**20  # of heads in a worker; one of five labels has 51 kB
FINGERPRINT_DIGITS = 8  # of the name of a version, to tell it from one of another classifier


class Heads:
    """Classifiers by the key of their version; the least recently used makes room."""

    def __init__(self, most_bytes: int) -> None:
        """Hold heads of so many bytes together at most, and at least one."""
        self._most_bytes = most_bytes
        self._held: OrderedDict[int, TaughtClassifier] = OrderedDict()
        self._lock = Lock()
        self.held_bytes = 0

    def of_version(self, version_id: int) -> TaughtClassifier:
        """Return what answers as a version.

        Raises:
            NoSuchThing: the version was deleted.
            ModelRetired: the model that it stands on is served no more.
        """
        with self._lock:
            if version_id in self._held:
                self._held.move_to_end(version_id)
                return self._held[version_id]
        rows = ClassifierVersion.objects.select_related("classifier")
        version = rows.filter(pk=version_id).first()
        if version is None:
            raise NoSuchThing(Thing.VERSION)
        taught = taught_classifier(version, version.classifier.name)
        self._keep(version_id, taught)
        return taught

    def _keep(self, version_id: int, taught: TaughtClassifier) -> None:
        with self._lock:
            if version_id in self._held:  # another thread was as quick
                return
            self._held[version_id] = taught
            self.held_bytes += taught.head.byte_count
            while self.held_bytes > self._most_bytes and len(self._held) > 1:
                _, dropped = self._held.popitem(last=False)
                self.held_bytes -= dropped.head.byte_count


heads = Heads(MOST_BYTES)


def taught_classifier(version: ClassifierVersion, name: str) -> TaughtClassifier:
    """Return what answers as a version, under a name.

    Raises:
        ModelRetired: the model that it stands on is served no more.
    """
    backbone = backbone_of(version)
    head = head_from_bytes(
        bytes(version.head),
        label_count=len(version.labels),
        threshold=version.threshold,
        something_else=version.something_else,
    )
    card = TaughtCard(
        name=name,
        version=version_text(version.number, version.sha256),
        labels=tuple(version.labels),
        backbone=backbone,
    )
    return TaughtClassifier(card=card, head=head)


def version_text(number: int, sha256: str) -> str:
    """Return what predictions call a version: none that answers otherwise is called so."""
    return f"{number}-{sha256[:FINGERPRINT_DIGITS]}"


def fingerprint(head: TaughtHead, labels: tuple[str, ...], backbone: str) -> str:
    """Return the SHA-256 of all that decides an answer, hexadecimal."""
    told = json.dumps([backbone, labels, head.something_else, head.threshold])
    return hashlib.sha256(told.encode() + head.to_bytes()).hexdigest()
