import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def passwords_are_hashed_fast(settings: Settings) -> None:
    """Half a second a password would be most of the time of these tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
