"""`python -m benchmarks.peers.bare_loop PHOTOS…`: decode, infer, softmax; no server at all.

One process, which waits for a line on its standard input and then answers for so many seconds.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from benchmarks.peers.answering import Answering


def main() -> int:
    """Print how long each photo took, for every line that comes in, which is a duration."""
    parser = argparse.ArgumentParser()
    parser.add_argument("photos", nargs="+", type=Path)
    photos = [path.read_bytes() for path in parser.parse_args().photos]
    answering = Answering()
    print("ready", flush=True)
    for line in sys.stdin:
        latencies_ms: list[float] = []
        now = time.monotonic()
        ends = now + float(line)
        while now < ends:
            answering.answer(photos[len(latencies_ms) % len(photos)])
            began, now = now, time.monotonic()
            latencies_ms.append((now - began) * 1000)
        print(json.dumps(latencies_ms), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
