"""Tell what pictures show, with nothing but this folder: `python run.py PICTURE …`."""

import io
import json
import math
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from cykooz_resizer import CropBox, FilterType, ResizeAlg, ResizeOptions, Resizer
from PIL import Image, ImageCms, ImageOps


def read(path: str, size: int, crop_fraction: float) -> Image.Image:
    """Return what the model sees of a picture: its centre, upright, in the colours of a screen."""
    image: Image.Image = Image.open(path)
    whole, profile = image.size, image.info.get("icc_profile") if image.mode == "RGB" else None
    image.draft(None, (round(size / crop_fraction) * 2,) * 2)  # a JPEG, decoded no larger
    scale = 2 ** round(math.log2(whole[0] / image.width))
    orientation, image = image.getexif().get(0x0112, 1), image.convert("RGB")
    side = min(whole) / scale * crop_fraction
    left, top = ((length / scale - side) / 2 for length in whole)
    if (factor := int(side / size / 3)) > 1:  # averaged down first, where it is much larger
        margin = math.ceil(2 * side / size)
        x, y = max(0, math.floor(left) - margin), max(0, math.floor(top) - margin)
        right = min(image.width, math.ceil(left + side) + margin)
        lower = min(image.height, math.ceil(top + side) + margin)
        image = image.reduce(factor, (x, y, right, lower))
        left, top, side = (left - x) / factor, (top - y) / factor, side / factor
    crop, box = Image.new("RGB", (size, size)), CropBox(left, top, side, side)
    bicubic = ResizeAlg.convolution(FilterType.catmull_rom)
    Resizer().resize_pil(image, crop, ResizeOptions(resize_alg=bicubic, crop_box=box))
    crop = in_srgb(crop, profile) if profile else crop
    crop.getexif()[0x0112] = orientation
    return ImageOps.exif_transpose(crop)


def in_srgb(crop: Image.Image, profile: bytes) -> Image.Image:
    """Return a picture in the colours of a screen; as it is, where nobody could see a change."""
    screen = ImageCms.createProfile("sRGB")
    conversion = ImageCms.buildTransform(io.BytesIO(profile), screen, "RGB", "RGB")
    levels = np.stack(np.meshgrid(*[np.arange(0, 256, 15, dtype=np.uint8)] * 3), -1)
    shown = ImageCms.applyTransform(Image.fromarray(levels.reshape(18, -1, 3)), conversion)
    change = np.abs(np.asarray(shown).reshape(levels.shape).astype(int) - levels).max()
    return ImageCms.applyTransform(crop, conversion) or crop if change > 1 else crop


if __name__ == "__main__":
    card = json.loads(Path(__file__).with_name("card.json").read_text(encoding="utf-8"))
    model = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))
    for path in sys.argv[1:]:
        pixels = np.asarray(read(path, card["input"]["size"], card["input"]["cropFraction"]))
        outputs = ["probabilities", "is_known"]
        (probabilities,), (is_known,) = model.run(outputs, {"pixels": pixels[np.newaxis]})
        scores = sorted(zip(probabilities.tolist(), card["labels"], strict=True), reverse=True)
        told = [{"label": label, "probability": probability} for probability, label in scores]
        print(json.dumps({"picture": path, "isKnown": bool(is_known), "scores": told}))
