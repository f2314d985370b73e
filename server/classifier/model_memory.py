"""What it costs to serve a model: ``python -m server.classifier.model_memory build/model NAME``.

Prints two numbers of bytes: what all workers share, and what each of them has for itself.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from server.classifier.catalogue import read_catalogue
from server.classifier.exported_model import directory_of
from server.classifier.loading import load_exported
from server.classifier.tuned_graph import WEIGHTS_FILE

SMAPS = Path("/proc/self/smaps_rollup")


def main() -> None:
    """Load the model as a worker does, have it look at a picture, and print what that took."""
    model_directory, name = Path(sys.argv[1]), sys.argv[2]
    card = read_catalogue(model_directory).named(name)
    before = _own_bytes()
    classifier = load_exported(card, model_directory)
    for _ in range(3):
        classifier.classify(np.zeros((card.input_size, card.input_size, 3), np.uint8))
    mapped = [
        *directory_of(card, model_directory).glob(f"*/{WEIGHTS_FILE}"),
        *directory_of(card, model_directory).glob("head_*.npy"),
    ]
    print(sum(path.stat().st_size for path in mapped), max(0, _own_bytes() - before))


def _own_bytes() -> int:
    """Return how many bytes this process has written to, which it shares with nobody."""
    lines = SMAPS.read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_Dirty:"))


if __name__ == "__main__":
    main()
