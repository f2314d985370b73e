"""Measure accuracy and time on a folder of photos with a labels.csv (file, imagenet_index).

Run by hand: ``python -m tests.classifier.measure_accuracy FOLDER [--engine torch]``.
"""

import argparse
import csv
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.image_file import ImageLimits
from server.classifier.loading import load_classifier
from server.classifier.preprocessing import decode
from tests.classifier.reference_preprocessing import textbook_pixels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", choices=("onnx", "torch"), default="onnx")
    parser.add_argument("--model-directory", type=Path, default=Path("build/model"))
    arguments = parser.parse_args()

    card = EFFICIENTNET_LITE0
    classifier = load_classifier(
        card, engine=arguments.engine, model_directory=arguments.model_directory
    )
    with (arguments.folder / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    true_indices = np.array([int(row["imagenet_index"]) for row in rows])
    images = [(arguments.folder / row["file"]).read_bytes() for row in rows]

    def accuracy(name: str, preprocess: Callable[[bytes], npt.NDArray[np.uint8]]) -> None:
        decode_ms, infer_ms, rankings = [], [], []
        for image_bytes in images:
            started = time.perf_counter()
            pixels = preprocess(image_bytes)
            decoded = time.perf_counter()
            probabilities = classifier.classify(pixels).probabilities
            decode_ms.append((decoded - started) * 1000)
            infer_ms.append((time.perf_counter() - decoded) * 1000)
            rankings.append(np.argsort(-probabilities))
        hits = np.array(rankings) == true_indices[:, np.newaxis]
        sys.stdout.write(
            f"{name}: {len(images)} photos, top-1 {hits[:, 0].mean():.4f}, "
            f"top-5 {hits[:, :5].any(axis=1).mean():.4f}, decode {np.median(decode_ms):.1f} ms, "
            f"infer {np.median(infer_ms):.1f} ms (medians)\n"
        )

    accuracy("ours", lambda image_bytes: decode(image_bytes, card, ImageLimits()).pixels)
    accuracy("textbook", textbook_pixels)


if __name__ == "__main__":
    main()
