"""Archives of taught classifiers, as they come and as somebody may forge them."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from server.teaching.archive import archive_of
from server.teaching.archive_format import CARD_FILE, HEAD_FILE
from server.teaching.models import Classifier, ClassifierVersion


def archive_bytes(classifier: Classifier) -> bytes:
    """The archive of the version in use."""
    versions = ClassifierVersion.objects.select_related("classifier")
    pieces = archive_of(versions.get(pk=classifier.current_version_id))
    assert pieces is not None
    return b"".join(pieces)


def members_of(archive: bytes) -> dict[str, bytes]:
    """What an archive holds, by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def without_graph(archive: bytes, *, head: bytes | None = None, **changes: Any) -> bytes:  # noqa: ANN401 - JSON
    """The card, with changes, and the head of an archive, or another head."""
    members = members_of(archive)
    card = json.loads(members[CARD_FILE]) | changes
    head = members[HEAD_FILE] if head is None else head
    return zipped({CARD_FILE: json.dumps(card).encode(), HEAD_FILE: head})
