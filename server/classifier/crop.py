"""The crop that the model saw, encoded for storing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Measured on 63 photos: 12 kB and 2.7 ms (medians), 35 dB. Method 4, Pillow's default, is 0.4 kB
# smaller and takes twice as long; below quality 80 fine texture is visibly smoothed.
WEBP_QUALITY = 85
WEBP_METHOD = 2


def encode_crop(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return ``pixels``, ``(H, W, 3) uint8, RGB``, as a WebP without metadata."""
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
    return encoded.getvalue()
