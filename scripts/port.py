"""The port `make run` serves on."""

import errno
import socket

HOST = "127.0.0.1"
HIGHEST_PORT = 65535


class PortUnusable(Exception):
    """The port cannot be served on; the message says why and what to do."""


def usable_port(text: str) -> int:
    """The port that `text` names, if a server can listen on it now; raises `PortUnusable`."""
    if not text.isdecimal() or not 0 < int(text) <= HIGHEST_PORT:
        raise PortUnusable(f"PORT is {text!r}; it must be a number from 1 to {HIGHEST_PORT}.")
    port = int(text)
    with socket.socket() as probe:
        # As gunicorn does: connections that are still closing are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise PortUnusable(
                f"This account may not listen on port {port}. Choose one above 1023, "
                f"for example: make run PORT=8001"
            ) from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortUnusable(
                f"Port {port} is taken by another program. Choose another one, "
                f"for example: make run PORT={port % HIGHEST_PORT + 1}"
            ) from error
    return port
