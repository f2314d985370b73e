"""Pictures that are parts of a photo: as many of the same thing as a test wants."""

import io

from PIL import Image

from tests.support.pictures import encoded


def parts_of(photo: bytes, count: int) -> list[bytes]:
    """Parts of 85 % of the sides, from the upper left corner to the lower right one."""
    with Image.open(io.BytesIO(photo)) as opened:
        image = opened.convert("RGB")
    width, height = (round(side * 0.85) for side in image.size)
    steps = [number / max(count - 1, 1) for number in range(count)]
    corners = [
        (round(step * (image.width - width)), round(step * (image.height - height)))
        for step in steps
    ]
    return [
        encoded(image.crop((left, top, left + width, top + height)), "JPEG")
        for left, top in corners
    ]
