"""Cuts the photos that a newcomer may try the client with, from those that scikit-image ships.

All are free: the cat by Stefan van der Walt, the coffee by Rachel Michetti and the man with a
camera by Lav Varshney are CC0, the rocket SpaceX gave into the public domain
(https://github.com/scikit-image/scikit-image, `skimage/data`).
"""

from pathlib import Path

from PIL import Image, ImageOps

from scripts.paths import SAMPLE_PHOTOS
from server.classifier.packaged_file import packaged_file

# In the order in which the client shows them.
PHOTOS = {
    "coffee": "coffee.png",
    "cat": "chelsea.png",
    "camera": "camera.png",
    "rocket": "rocket.jpg",
}
SIDE_PIXELS = 320  # the shorter one, of what is classified
SMALL_PIXELS = 128  # of the squares that are shown, side by side in one picture
QUALITY, SMALL_QUALITY = 80, 50


def install_samples(destination: Path) -> list[Path]:
    """Write each photo, and all of them small, and return the files."""
    destination.mkdir(parents=True, exist_ok=True)
    photos = {name: _photo(file_name) for name, file_name in PHOTOS.items()}
    written = []
    for name, photo in photos.items():
        scale = SIDE_PIXELS / min(photo.size)
        size = round(photo.width * scale), round(photo.height * scale)
        written.append(destination / f"{name}.webp")
        photo.resize(size, Image.Resampling.LANCZOS).save(written[-1], "WEBP", quality=QUALITY)
    written.append(destination / "all-small.webp")
    _side_by_side(list(photos.values())).save(written[-1], "WEBP", quality=SMALL_QUALITY)
    return written


def _photo(file_name: str) -> Image.Image:
    with packaged_file("scikit-image", file_name).open("rb") as file:
        return Image.open(file).convert("RGB")


def _side_by_side(photos: list[Image.Image]) -> Image.Image:
    strip = Image.new("RGB", (SMALL_PIXELS * len(photos), SMALL_PIXELS))
    for place, photo in enumerate(photos):
        square = ImageOps.fit(photo, (SMALL_PIXELS, SMALL_PIXELS), Image.Resampling.LANCZOS)
        strip.paste(square, (place * SMALL_PIXELS, 0))
    return strip


if __name__ == "__main__":
    for path in install_samples(SAMPLE_PHOTOS):
        print(path.name)
