"""The variables a site is started with: development's, or those of a deployment."""

import os
import secrets
from collections.abc import Callable, Mapping

from harness.ports import HOST

UNLIMITED = "1000000"  # limits a day, an hour, an account: not what is tried or measured

# Takes the address of a database, and what differs from what it would say.
EnvironmentOf = Callable[[str, Mapping[str, str]], dict[str, str]]


def development_environment(database_url: str, variables: Mapping[str, str]) -> dict[str, str]:
    """Return what `make run` sets on top of this process's own variables."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "server.settings",
        "DATABASE_URL": database_url,
        "REGISTRATIONS_PER_HOUR": UNLIMITED,  # everybody comes from one address here
        "TRIES_PER_HOUR": UNLIMITED,
        **variables,
    }


def production_environment(database_url: str, variables: Mapping[str, str]) -> dict[str, str]:
    """Return what render.yaml sets, with a secret of its own, and this machine's paths alone."""
    of_the_machine = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **of_the_machine,
        "DJANGO_SETTINGS_MODULE": "server.settings_production",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": database_url,
        "ALLOWED_HOSTS": HOST,
        "WEB_CONCURRENCY": "4",
        "PREDICTIONS_PER_DAY": UNLIMITED,
        "TRIES_PER_HOUR": UNLIMITED,
        **variables,
    }
