"""Sends a client from registering to deleting the account, and looks at what it has seen."""

import json
import secrets
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from contract.client import Client
from harness.accounts import PASSWORD
from harness.connection import Connection
from harness.site import LiveSite
from server.classifier.packaged_file import packaged_file

TIMEOUT_SECONDS = 180
LOG_TAIL_LINES = 25
LOG_IN = "mutation ($input: LogInInput!) { logIn(input: $input) { errors { code } } }"
# What each has to see: the answer, the history with it alone, that a file is no photo, that what is
# deleted is gone, and nobody logged in after the account is.
SEEN = {
    "label": "espresso",
    "history": ["espresso"],
    "refused": "IMAGE_FORMAT_UNSUPPORTED",
    "deleted": True,
    "gone": "NOT_FOUND",
    "viewer": None,
}


class JourneyFailed(Exception):
    """A client could not be generated, ended with an error, or saw something else."""


def photo() -> Path:
    """Return the photo that every journey takes along: a cup of espresso."""
    return packaged_file("scikit-image", "coffee.png")


def travel(client: Client, site: LiveSite) -> None:
    """Generate a client anew and send it on its journey.

    Raises:
        NotInstalled: it can't be installed here.
        JourneyFailed: the message says why.
    """
    client.install()
    email = f"{client.name}-{secrets.token_hex(8)}@example.org"
    variables = client.variables(
        {
            "TELLTALE_URL": site.url,
            "EMAIL": email,
            "PASSWORD": PASSWORD,
            "PHOTO": str(photo()),
        }
    )
    for command in client.generate:
        output_of(command, client.folder, variables)
    output = output_of(client.run, client.folder, variables)
    try:
        seen = json.loads(output)
    except json.JSONDecodeError as error:
        raise JourneyFailed(f"it told nothing of its journey: {output[-500:]}") from error
    if seen != SEEN:
        raise JourneyFailed(f"it saw {seen}, not {SEEN}")
    if _log_in(site, email) != ["CREDENTIALS_INVALID"]:
        raise JourneyFailed("its account is still there")


def output_of(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> str:
    """Return what a command prints.

    Raises:
        JourneyFailed: it ended with an error, or took too long.
    """
    try:
        ran = subprocess.run(
            ["/usr/bin/env", *command],  # which looks for it on the PATH of its own variables
            cwd=folder,
            env=dict(variables),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise JourneyFailed(f"{command[0]} took more than {TIMEOUT_SECONDS} s") from error
    if ran.returncode != 0:
        tail = "\n".join((ran.stdout + ran.stderr).splitlines()[-LOG_TAIL_LINES:])
        raise JourneyFailed(f"{command[0]} failed:\n{tail}")
    return ran.stdout


def _log_in(site: LiveSite, email: str) -> list[str]:
    """Return the codes of what is wrong with logging in."""
    from_a_page = {"Referer": f"{site.url}/"}
    with closing(Connection(site.port)) as connection:
        given = {"input": {"email": email, "password": PASSWORD}}
        answer = connection.execute(LOG_IN, given, from_a_page).json()
    return [error["code"] for error in answer["data"]["logIn"]["errors"]]
