"""`python -m inference_tier.launch`: a tier on this machine alone, until SIGTERM or Ctrl-C.

SIGHUP has the replicas replaced one after the other, as an update does.

Its files lie in a private folder that goes with it, its ports are its own, and it tells nobody of
its use. Not for a cluster: there `serve.yaml` or `kubernetes.yaml` is deployed.
"""

import argparse
import os
import random
import secrets
import signal
import socket
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

HOST = "127.0.0.1"
RANGE = 50  # ports for the replicas; a machine has no more of them
OBJECT_STORE_BYTES = 100 * 2**20  # requests don't go through it
READY = "ready"


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="where to serve, on loopback")
    parser.add_argument("--models", type=Path, required=True, help="the folder of the exports")
    parser.add_argument("--replicas", type=int, default=1)
    arguments = parser.parse_args()
    # Ray's sockets lie in it, whose paths may have no more than 107 bytes.
    with tempfile.TemporaryDirectory(prefix="tt-", dir="/tmp") as folder:
        os.environ.update(variables(Path(folder)))
        _serve(arguments.port, arguments.models, arguments.replicas, folder)


def variables(folder: Path) -> dict[str, str]:
    """Return what Ray reads when it is imported: everything within `folder`, and free ports."""
    # Ranges of which Ray passes over a port that somebody listens on.
    http, grpc = random.sample(range(20_000, 32_000, RANGE * 2), 2)  # no secret
    stats, metrics, fallback_http, fallback_grpc = free_ports(4)
    return {
        "RAY_USAGE_STATS_ENABLED": "0",
        "ORT_DISABLE_TELEMETRY": "1",
        "OMP_NUM_THREADS": "1",
        "RAY_raylet_start_wait_time_s": "120",  # for 30, where the cores are busy, it gives up
        "RAY_AUTH_TOKEN": secrets.token_hex(32),  # else one is written into the home folder
        # Half of the CPU that Ray's proxy in Python takes.
        "RAY_SERVE_ENABLE_HA_PROXY": "1",
        "RAY_SERVE_THROUGHPUT_OPTIMIZED": "1",
        "RAY_SERVE_DIRECT_INGRESS_MIN_DRAINING_PERIOD_S": "1",
        "RAY_SERVE_HAPROXY_CONFIG_FILE_LOC": str(folder / "haproxy" / "haproxy.cfg"),
        "RAY_SERVE_HAPROXY_SOCKET_PATH": str(folder / "haproxy" / "admin.sock"),
        "RAY_SERVE_HAPROXY_SERVER_STATE_BASE": str(folder / "haproxy"),
        "RAY_SERVE_HAPROXY_SERVER_STATE_FILE": str(folder / "haproxy" / "server-state"),
        "RAY_SERVE_HAPROXY_STATS_PORT": str(stats),
        "RAY_SERVE_HAPROXY_METRICS_PORT": str(metrics),
        "RAY_SERVE_HAPROXY_NBTHREAD": "1",
        "RAY_SERVE_FALLBACK_PROXY_HTTP_PORT": str(fallback_http),
        "RAY_SERVE_FALLBACK_PROXY_GRPC_PORT": str(fallback_grpc),
        "RAY_SERVE_DIRECT_INGRESS_MIN_HTTP_PORT": str(http),
        "RAY_SERVE_DIRECT_INGRESS_MAX_HTTP_PORT": str(http + RANGE),
        "RAY_SERVE_DIRECT_INGRESS_MIN_GRPC_PORT": str(grpc),
        "RAY_SERVE_DIRECT_INGRESS_MAX_GRPC_PORT": str(grpc + RANGE),
    }


def _serve(port: int, models: Path, replicas: int, folder: str) -> None:
    import ray
    from ray import serve

    from inference_tier.application import Arguments, graphs

    (metrics_port,) = free_ports(1)
    ray.init(
        num_cpus=replicas + 1,  # one to spare, with which a replica can be replaced
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=OBJECT_STORE_BYTES,
        _temp_dir=f"{folder}/ray",  # which it opens to everybody: within one that is ours alone
        _node_ip_address=HOST,
        _metrics_export_port=metrics_port,
    )
    try:
        serve.start(http_options={"host": HOST, "port": port, "request_timeout_s": 30})
        application = graphs.options(num_replicas=replicas).bind(
            Arguments(model_directory=str(models))
        )

        def deploy(*_signal: object) -> None:
            """Deploy another version of it: to Ray, each is one."""
            serve.run(application, route_prefix="/")

        deploy()
        signal.signal(signal.SIGHUP, deploy)
        print(f"{READY} http://{HOST}:{port} metrics http://{HOST}:{metrics_port}", flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # in place of Ray's, which dies
        while True:
            signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        for stop_signal in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop_signal, signal.SIG_IGN)
        serve.shutdown()
        ray.shutdown()


def free_ports(count: int) -> list[int]:
    """Return so many ports that nobody listens on, each another one."""
    with ExitStack() as probes:
        opened = [probes.enter_context(closing(socket.socket())) for _ in range(count)]
        for probe in opened:
            probe.bind((HOST, 0))
        return [int(probe.getsockname()[1]) for probe in opened]


if __name__ == "__main__":
    main()
