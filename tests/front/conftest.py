from collections.abc import Iterator

import pytest

from harness.site import LiveSite
from server.accounts.models import Scope, User
from server.accounts.tokens import create_token
from server.front import page_statements
from tests.support.asked_pages import Asked
from tests.support.live_account import token_of_new_account
from tests.support.stored import signed_in, store_predictions, user_named


@pytest.fixture
def token(live_site: LiveSite) -> str:
    return token_of_new_account(live_site)


@pytest.fixture
def user(transactional_db: None) -> User:
    signed_in("alice@example.org")
    user = user_named("alice@example.org")
    store_predictions(user, [{"label": f"label {number}"} for number in range(5)])
    return user


@pytest.fixture
def asked(user: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    monkeypatch.setattr(page_statements, "PAUSE_SECONDS", 0.0)
    asked = Asked(create_token(user, name="pages", scopes=[Scope.READ], expires_at=None)[1])
    yield asked
    asked.run(asked.pages.close())
    asked.runner.close()
