"""The crop that the model saw, encoded for storing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Measured on 59 photos: 14.5 kB and 0.4 ms (medians), 35.5 dB. A WebP of the same 35.6 dB has
# 11.4 kB and takes 2.5 ms, a tenth of a whole prediction.
JPEG_QUALITY = 88


def encode_crop(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return ``pixels``, ``(H, W, 3) uint8, RGB``, as a JPEG without metadata."""
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "JPEG", quality=JPEG_QUALITY)
    return encoded.getvalue()
