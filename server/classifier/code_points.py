"""What colours mean by the code points of ITU-T H.273: two numbers in a PNG, an AVIF or a HEIC.

They stand in the ``cICP`` of a PNG (https://www.w3.org/TR/png-3/, 11.3.2.6) and in the ``nclx`` of
the others (ISO/IEC 14496-12, 12.1.5). An ICC profile says the same, so they are made one.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from server.classifier.calibration import SRGB, sampled_profile
from server.classifier.errors import ImageInHdr

_D65 = SRGB[:2]
# Table 2 of H.273: x and y of white, red, green and blue, in 100,000ths.
_CHROMATICITIES = {
    1: SRGB,
    5: (*_D65, 64_000, 33_000, 29_000, 60_000, 15_000, 6_000),
    6: (*_D65, 63_000, 34_000, 31_000, 59_500, 15_500, 7_000),
    7: (*_D65, 63_000, 34_000, 31_000, 59_500, 15_500, 7_000),
    9: (*_D65, 70_800, 29_200, 17_000, 79_700, 13_100, 4_600),
    12: (*_D65, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000),
}
_HDR_TRANSFERS = {16: "PQ", 18: "HLG"}
# A camera's curve is undone by that of a television (ITU-R BT.1886), not by its inverse.
_VIDEO_POWERS = dict.fromkeys((1, 6, 14, 15), 2.4)
_POWERS = {4: 2.2, 5: 2.8, 8: 1.0} | _VIDEO_POWERS
_UNSPECIFIED, _SRGB_TRANSFER = 2, 13
_SAMPLES = 1024


def refuse_hdr(transfer: int, format_name: str) -> None:
    """Raise ``ImageInHdr`` for light that no screen of 8 bits can show as it is meant.

    How much of it is lost, and where, each program decides for itself.
    """
    if transfer in _HDR_TRANSFERS:
        raise ImageInHdr(f"{format_name} in HDR ({_HDR_TRANSFERS[transfer]})")


@lru_cache(maxsize=8)
def code_point_profile(primaries: int, transfer: int, *, is_video: bool) -> bytes | None:
    """Return an ICC profile; None where the numbers mean sRGB, or nothing that we know.

    ``is_video``: in files that are made as videos are, the curve of a camera stands where that of
    a screen is meant, and Chromium shows them so.
    """
    if is_video and transfer in _VIDEO_POWERS:
        transfer = _SRGB_TRANSFER
    if not is_video and transfer == _UNSPECIFIED:
        return None
    if primaries not in _CHROMATICITIES or (primaries == 1 and transfer not in _POWERS):
        return None
    codes = np.linspace(0, 1, _SAMPLES)
    if transfer in _POWERS:
        levels = codes ** _POWERS[transfer]
    else:
        levels = np.where(codes < 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - IEC 61966-2-1
    return sampled_profile(levels, _CHROMATICITIES[primaries])
