"""`python -m benchmarks.similar_seed PHOTOS [PHOTOS …]`: histories that long, to be looked through.

Their embeddings are drawn: kinds of things, each seen a hundred times. Run in an environment of its
own, the server's.
"""

import json
import struct
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import django
import numpy as np
import numpy.typing as npt

SEEN = 100  # photos of each kind
KINDS_AT_ONCE = 20
ASKED = 20  # of each history: one of each kind of the first ones
FIRST = 10
EMBEDDING_SIZE = 1280
SPREAD = 0.3  # so alike are photos of a kind as to have cosines of 0.8 to 0.9
COPY_BEGIN, COPY_END = b"PGCOPY\n\xff\r\n\0" + bytes(8), struct.pack(">h", -1)


@dataclass(frozen=True)
class _Exactly:
    """Which photos are the most similar, by all cosines there are."""

    asked: list[int]  # places
    most_similar: list[list[int]]  # places, of each one asked


def main() -> int:
    """Fill the database; print who may ask for what, and the right answers, as JSON."""
    django.setup()
    from django.db import connection

    from server.accounts.models import Scope, User
    from server.accounts.tokens import create_token
    from server.api.node import global_id
    from server.predictions.models import Prediction

    told = []
    for photos in map(int, sys.argv[1:]):
        user = User.objects.create_user(f"owner-of-{photos}@example.org")
        exactly = _fill(user.pk, photos)
        keys = list(
            Prediction.objects.filter(user=user).order_by("id").values_list("id", flat=True)
        )
        ids = [global_id("Prediction", key) for key in keys]
        _, token = create_token(user, name="bench", scopes=list(Scope), expires_at=None)
        told.append(
            {
                "photos": photos,
                "token": token,
                "asked": [ids[place] for place in exactly.asked],
                "most_similar": [[ids[at] for at in places] for places in exactly.most_similar],
            }
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(json.dumps(told))
    return 0


def _fill(user_id: int, photos: int) -> _Exactly:
    from django.db import connection

    from server.classifier.signature import signatures

    columns = _columns(user_id)
    names = ", ".join([*columns, "embedding", "signature"])
    begin = struct.pack(">h", len(columns) + 2) + b"".join(map(_field, columns.values()))
    cosines = []
    directions: npt.NDArray[np.float32] | None = None
    with tempfile.TemporaryFile() as rows:
        rows.write(COPY_BEGIN)
        for embeddings in _embeddings(photos):
            unit = _unit_length(embeddings)
            if directions is None:
                directions = unit[::SEEN][:ASKED]
            cosines.append(unit @ directions.T)
            _write(rows, begin, embeddings, signatures(embeddings))
        rows.write(COPY_END)
        rows.seek(0)
        with connection.cursor() as cursor:
            copy = f"COPY predictions_prediction ({names}) FROM STDIN WITH (FORMAT binary)"
            cursor.cursor.copy_expert(copy, rows)
    similarity = np.concatenate(cosines).T  # (ASKED, photos)
    asked = [number * SEEN for number in range(len(similarity))]
    order = np.argsort(-similarity, axis=1, kind="stable")[:, : FIRST + 1]
    return _Exactly(
        asked,
        [
            [int(at) for at in places if at != place][:FIRST]
            for place, places in zip(asked, order, strict=True)
        ],
    )


def _embeddings(photos: int) -> Iterator[npt.NDArray[np.float16]]:
    drawn = np.random.default_rng(0)
    for first in range(0, photos, KINDS_AT_ONCE * SEEN):
        kinds = min(KINDS_AT_ONCE, (photos - first) // SEEN)
        middles = drawn.exponential(0.3, (kinds, 1, EMBEDDING_SIZE)).astype(np.float32)
        differences = drawn.standard_normal((kinds, SEEN, EMBEDDING_SIZE), dtype=np.float32)
        seen = middles * np.exp(SPREAD * differences)
        yield seen.reshape(-1, EMBEDDING_SIZE).astype("<f2")


def _unit_length(embeddings: npt.NDArray[np.float16]) -> npt.NDArray[np.float32]:
    precise = embeddings.astype(np.float32)
    unit: npt.NDArray[np.float32] = precise / np.linalg.norm(precise, axis=1, keepdims=True)
    return unit


def _columns(user_id: int) -> dict[str, bytes]:
    """Return what all rows have alike, as PostgreSQL's binary COPY has it."""
    from server.classifier.card import EFFICIENTNET_LITE0 as CARD
    from server.predictions.models import ModelVersion

    version, _ = ModelVersion.objects.get_or_create(
        name=CARD.name,
        version=CARD.version,
        defaults={
            "labels": list(CARD.labels),
            "license": CARD.license,
            "source": CARD.source,
            "weights_sha256": CARD.weights_sha256,
        },
    )
    return {
        "user_id": struct.pack(">q", user_id),
        "model_version_id": struct.pack(">q", version.pk),
        "label": b"tabby",
        "confidence": struct.pack(">d", 0.5),
        "scores": b"\x01" + json.dumps([["tabby", 0.5]]).encode(),  # the version of jsonb's format
        "image_width": struct.pack(">i", 640),
        "image_height": struct.pack(">i", 480),
        "image_format": b"JPEG",
        "image_bytes": struct.pack(">i", 100_000),
        "image_sha256": b"0" * 64,
        "duration_ms": struct.pack(">d", 12.5),
    }


def _write(
    rows: IO[bytes],
    begin: bytes,
    embeddings: npt.NDArray[np.float16],
    signed: npt.NDArray[np.uint8],
) -> None:
    for embedding, signature in zip(embeddings, signed, strict=True):
        bits = struct.pack(">i", 8 * signature.size) + signature.tobytes()
        rows.write(begin + _field(embedding.tobytes()) + _field(bits))


def _field(content: bytes) -> bytes:
    return struct.pack(">i", len(content)) + content


if __name__ == "__main__":
    sys.exit(main())
