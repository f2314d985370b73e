"""`python -m benchmarks.storing_side signed|unsigned`: predict and store, as often as it is told.

Run in an environment of its own, the server's, on a migrated database. For each number that comes
in it makes so many predictions and prints how many milliseconds of CPU one took, PostgreSQL's
included. Unsigned is as it was before there were signatures: without their indexes.
"""

import sys
from itertools import cycle, islice

import django
import numpy as np
import psutil

from harness.photos import photos_of_100_kb

INDEXES = ("signatures_by_version", "unsigned_of_a_user")


def main() -> int:
    """Answer until nothing more comes in."""
    django.setup()
    from django.db import connection

    from server.accounts.models import User

    is_signed = sys.argv[1] == "signed"
    user = User.objects.create_user("bench@example.org")
    with connection.cursor() as cursor:
        if not is_signed:
            for index in INDEXES:
                cursor.execute(f"DROP INDEX {index}")
        cursor.execute("SELECT pg_backend_pid()")
        ((backend,),) = cursor.fetchall()
    processes = [psutil.Process(), psutil.Process(backend)]
    photos = cycle(photos_of_100_kb(16))
    for line in sys.stdin:
        before = _spent_ms(processes)
        for photo in islice(photos, int(line)):
            _predict(user, photo, is_signed=is_signed)
        print((_spent_ms(processes) - before) / int(line), flush=True)
    return 0


def _predict(user: object, photo: bytes, *, is_signed: bool) -> None:
    from server.classifier.crop import encode_crop
    from server.classifier.signature import as_bits, signatures
    from server.predictions.crops import keep
    from server.predictions.inference import inference
    from server.predictions.services import columns_of
    from server.predictions.storing import store

    answer = inference().classify(photo)
    columns = columns_of(answer, None, None)
    if is_signed:
        embedding = np.frombuffer(columns["embedding"], "<f2")
        columns["signature"] = as_bits(signatures(embedding[np.newaxis])[0])
    store(user, answer.classification.card, columns, keep(encode_crop(answer.crop)))  # type: ignore[arg-type] # imported late


def _spent_ms(processes: list[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return 1000 * sum(each.user + each.system for each in times)


if __name__ == "__main__":
    sys.exit(main())
