"""Ids of what is taught, as keys."""

import strawberry

from server.api.node import key_of
from server.teaching.errors import NoSuchThing, Thing


def classifier_key(id: strawberry.ID) -> int:
    """Return the key of a classifier.

    Raises:
        NoSuchThing: the id is none of a classifier.
    """
    return required_key("Classifier", id, Thing.CLASSIFIER)


def required_key(type_name: str, id: strawberry.ID, thing: Thing) -> int:
    """Return the key in an id of a type.

    Raises:
        NoSuchThing: the id is none of the type.
    """
    key = key_of(type_name, id)
    if key is None:
        raise NoSuchThing(thing)
    return key
