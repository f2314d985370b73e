import pytest

from tests.support.api import Api
from tests.support.stored import signed_in


@pytest.fixture
def alice(db: None, classifier_is_ready: None) -> Api:
    return signed_in("alice@example.org")


@pytest.fixture
def bob(db: None, classifier_is_ready: None) -> Api:
    return signed_in("bob@example.org")
