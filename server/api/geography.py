"""Spares strawberry_django the search for a library of maps, which no field here needs.

It imports Django's GIS to see whether there is one. Django looks for GDAL under twelve names,
twice, and starts a compiler, a linker and `ldconfig` for each: three quarters of that import, 0.2 s
of CPU before a worker can start. Where the library is missing Django raises `ImproperlyConfigured`,
and strawberry_django goes on without it; so this says at once that it is.
"""

import sys
from types import ModuleType

from django.core.exceptions import ImproperlyConfigured

_MAPS = "django.contrib.gis"


class _Missing(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # which others look for in every module, such as Hypothesis
            raise AttributeError(name)
        raise ImproperlyConfigured(f"There are no maps here, so {self.__name__} is not loaded.")


def leave_out() -> None:
    """Have Django's GIS find no library; to be called before strawberry_django is imported."""
    sys.modules.setdefault(_MAPS, _Missing(_MAPS))
