"""That the crowd comes, dawdles and comes again, and that a probe tells who answers."""

import contextlib
import socket
import threading
import time
from collections import Counter
from contextlib import closing

from benchmarks.crowd_clients import POST
from benchmarks.crowds import PROBE, _crowd, _probing
from harness.rude_clients import GET_LARGE_FILE
from server.front.liveness import LIVE_PATH

EACH = 2


def test_as_many_of_each_kind_come_and_come_again() -> None:
    seen: Counter[bytes] = Counter()
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def send_away() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    client.settimeout(0.3)
                    with client, contextlib.suppress(TimeoutError):
                        seen[client.recv(4096)[:20]] += 1

        threading.Thread(target=send_away, daemon=True).start()
        deadline = time.monotonic() + 20
        with _crowd(listener.getsockname()[1], EACH):
            while min(seen[POST[:20]], seen[GET_LARGE_FILE[:20]]) <= EACH:
                assert time.monotonic() < deadline, seen
                time.sleep(0.1)
        listener.shutdown(socket.SHUT_RDWR)


def test_a_probe_that_nobody_answers_is_missed() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    with _probing(port) as prober:
        time.sleep(0.2)
    probed = prober.end()
    assert probed.probes == probed.missed > 0
    assert str(probed).endswith(f", {probed.missed} missed")
    assert LIVE_PATH.encode() in PROBE
