"""How both LitServe peers are served: WORKERS and PORT come from the environment."""

import os

import litserve


def run(api: litserve.LitAPI) -> None:
    """Serve until the process is ended."""
    server = litserve.LitServer(
        api, accelerator="cpu", devices=1, workers_per_device=int(os.environ["WORKERS"])
    )
    server.run(
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="warning",
    )
