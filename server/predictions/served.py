"""The models that this process serves, as the settings have them."""

from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from server.classifier.catalogue import Catalogue, read_catalogue
from server.classifier.errors import BuildError, ModelUnknown


@cache
def served() -> Catalogue:
    """Return the models that answer; the first where none is named.

    Raises:
        ImproperlyConfigured: `MODELS` names one that was not exported, or a card is damaged.
    """
    try:
        return read_catalogue(settings.MODEL_DIRECTORY, settings.MODELS)
    except ModelUnknown as error:
        message = f"MODELS names {error.name!r}, which was not exported: see `make model`"
        raise ImproperlyConfigured(message) from error
    except BuildError as error:
        raise ImproperlyConfigured(f"A model can't be served: {error}") from error
