"""`python -m inference_tier.agreement`: a tier, held against the graph run here.

It runs in the project's environment, through the engine that web workers have.
"""

import argparse
import os
import sys
from pathlib import Path

import numpy as np

from inference_tier.served_model import load_models
from server.classifier.agreement import read_photos
from server.classifier.catalogue import read_catalogue
from server.classifier.exported_model import read_verified
from server.classifier.image_file import ImageLimits
from server.classifier.preprocessing import decode
from server.classifier.remote_engine import RemoteEngine
from server.classifier.remote_model import remote_model
from server.classifier.tier import InferenceTier

MAX_DIFFERENCE = 1e-5


def main() -> int:
    """Return 1 where an embedding or a map is another than here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("models", type=Path, help="the folder of the exports")
    arguments = parser.parse_args()
    token = os.environ.get("TELLTALE_INFERENCE_TOKEN", "")
    tier = InferenceTier(addresses=(arguments.address,), token=token, read_seconds=10)
    here = load_models(arguments.models, "onnx")
    photos = read_photos()
    differences = [0.0]
    for card in read_catalogue(arguments.models):
        manifest = read_verified(card, arguments.models)
        engine = RemoteEngine(remote_model(card, manifest, arguments.models), tier)
        for photo in photos.values():
            pixels = decode(photo, card, ImageLimits()).pixels[np.newaxis]
            model = here[manifest.served_name].engine
            told = [(model.embed(pixels), engine.embed(pixels))]
            if card.has_feature_map:
                ours, theirs = model.features(pixels), engine.features(pixels)
                told.append((ours.feature_map, theirs.feature_map))
            differences += [float(np.abs(one - other).max()) for one, other in told]
    print(f"{len(photos)} photos: embeddings and maps differ by at most {max(differences):.0e}.")
    return int(not max(differences) <= MAX_DIFFERENCE)


if __name__ == "__main__":
    sys.exit(main())
