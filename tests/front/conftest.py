import pytest

from harness.site import LiveSite
from tests.support.live_account import token_of_new_account


@pytest.fixture
def token(live_site: LiveSite) -> str:
    return token_of_new_account(live_site)
