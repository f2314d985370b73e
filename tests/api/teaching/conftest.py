import pytest

from server.accounts.models import User
from tests.support.api import Api
from tests.support.stored import signed_in, user_named


@pytest.fixture
def alice(db: None) -> Api:
    return signed_in("alice@example.org")


@pytest.fixture
def bob(db: None) -> Api:
    return signed_in("bob@example.org")


@pytest.fixture
def alice_user(alice: Api) -> User:
    return user_named("alice@example.org")
