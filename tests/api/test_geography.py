"""strawberry_django is imported without the search for a library of maps."""

import subprocess
import sys

SOURCE = """
import ctypes.util
import subprocess

def started(*_arguments, **_options):
    raise AssertionError("a program was started")

subprocess.Popen = started
import django
from django.conf import settings

settings.configure(INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"])
django.setup()
import server.api
import strawberry_django
from strawberry_django.fields import types

print(types.Point)
"""


def test_no_program_is_started_to_look_for_one() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", SOURCE], capture_output=True, text=True, check=False
    )
    assert (finished.stdout, finished.stderr) == ("None\n", "")
