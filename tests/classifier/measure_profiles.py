"""Count the labels that photos keep when they are stored in other colour profiles.

Run by hand: ``python -m tests.classifier.measure_profiles FOLDER``.
"""

import argparse
import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.image_file import ImageLimits
from server.classifier.loading import load_classifier
from server.classifier.preprocessing import decode
from tests.classifier.colour_profiles import COLOURED, INKS

NEAREST_INKS_STEPS = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model-directory", type=Path, default=Path("build/model"))
    arguments = parser.parse_args()
    classifier = load_classifier(
        EFFICIENTNET_LITE0, engine="onnx", model_directory=arguments.model_directory
    )

    def label(image_bytes: bytes) -> str:
        pixels = decode(image_bytes, EFFICIENTNET_LITE0, ImageLimits()).pixels
        return classifier.classify(pixels).top(1)[0].label

    photos = [path.read_bytes() for path in sorted(arguments.folder.glob("*.JPEG"))]
    labels = [label(photo) for photo in photos]
    stored = {"no profile": None, **COLOURED, "inks": INKS}
    for name, profile in stored.items():
        files = [_stored(photo, profile) for photo in photos]
        again = [label(file) for file in files]
        # A press has not all colours: what it lost is not the classifier's.
        looks = [label(_plain(file)) for file in files]
        sys.stdout.write(
            f"{name}: {_kept(labels, again)} of {len(photos)} labels kept of the photos, "
            f"{_kept(looks, again)} of the same look without a profile\n"
        )


def _kept(before: list[str], after: list[str]) -> int:
    return sum(one == other for one, other in zip(before, after, strict=True))


def _plain(stored: bytes) -> bytes:
    """Return what LittleCMS makes of the whole picture, without a profile."""
    with Image.open(io.BytesIO(stored)) as image:
        profile = image.info.get("icc_profile")
        screen = ImageCms.createProfile("sRGB")
        colours = (
            ImageCms.profileToProfile(image, io.BytesIO(profile), screen, outputMode="RGB")
            if profile
            else image.convert("RGB")
        )
    file = io.BytesIO()
    colours.save(file, "PNG")
    return file.getvalue()


def _stored(photo: bytes, profile: bytes | None) -> bytes:
    with Image.open(io.BytesIO(photo)) as image:
        colours = image.convert("RGB")
    options: dict[str, object] = {"quality": 95, "subsampling": 0}
    if profile is not None:
        options["icc_profile"] = profile
        if profile == INKS:
            colours = _printed(colours)
        else:
            screen = ImageCms.createProfile("sRGB")
            colours = ImageCms.profileToProfile(colours, screen, io.BytesIO(profile))
    file = io.BytesIO()
    colours.save(file, "JPEG", **options)
    return file.getvalue()


def _printed(colours: Image.Image) -> Image.Image:
    """Return the inks that look most like `colours`: the profile has no table of that direction."""
    wanted = np.asarray(colours) / 255
    cyan, magenta, yellow = np.zeros((3, *wanted.shape[:2]))
    for _ in range(NEAREST_INKS_STEPS):
        red, green, blue = np.moveaxis(wanted, -1, 0)
        cyan = np.clip((1 - red / (1 - 0.1 * magenta)) / 0.95, 0, 1)
        magenta = np.clip((1 - green / ((1 - 0.35 * cyan) * (1 - 0.1 * yellow))) / 0.9, 0, 1)
        yellow = np.clip((1 - blue / ((1 - 0.1 * cyan) * (1 - 0.35 * magenta))) / 0.85, 0, 1)
    inks = np.stack([cyan, magenta, yellow, np.zeros_like(cyan)], axis=-1)
    return Image.fromarray(np.round(inks * 255).astype(np.uint8), "CMYK")


if __name__ == "__main__":
    main()
