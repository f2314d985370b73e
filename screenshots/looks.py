"""The windows that the client is pictured through."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Look:
    """A window, and what is special about whoever sits before it: options of a browser context."""

    name: str
    width: int
    height: int
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def context(self) -> dict[str, Any]:
        """What a browser is told to look so."""
        return {"viewport": {"width": self.width, "height": self.height}, **self.options}


_PHONE = {"device_scale_factor": 2, "has_touch": True}

LOOKS = (
    Look("phone-light", 390, 844, _PHONE),
    Look("phone-dark", 390, 844, {**_PHONE, "color_scheme": "dark"}),
    Look("desktop-light", 1280, 800),
    Look("desktop-dark", 1280, 800, {"color_scheme": "dark"}),
    Look("german", 390, 844, {**_PHONE, "locale": "de-DE"}),
    Look("german-narrow", 320, 640, {**_PHONE, "locale": "de-DE"}),
    Look("forced-colors", 390, 844, {**_PHONE, "forced_colors": "active"}),
)
