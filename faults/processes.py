"""Faults of processes: killed workers, a killed master, deploys and reloads."""

import os
import signal
import subprocess
import sys
import time

from faults.suite import Broken, Suite
from harness.management import prepare
from scripts.paths import ROOT

WORKER_KILLS = 5
STOP_SECONDS = 30
MIGRATION_SECONDS = 300  # of two at once; they took more than 90 on a machine as busy as twenty


def kill_workers(suite: Suite) -> str:
    """Kill one worker after the other, as the kernel does when memory ends."""
    killed = 0
    for _ in range(WORKER_KILLS):
        workers = suite.service.workers()
        if workers:
            workers[0].kill()
            killed += 1
        time.sleep(0.8)
    return f"{killed} workers killed"


def kill_all_workers(suite: Suite) -> str:
    """Kill all workers at once."""
    workers = suite.service.workers()
    for worker in workers:
        worker.kill()
    return f"{len(workers)} workers killed at once"


def kill_master(suite: Suite) -> str:
    """Kill the master; its workers have to end by themselves, and the platform starts another."""
    workers = suite.service.workers()
    os.kill(suite.service.site.pid, signal.SIGKILL)
    suite.service.site.process.wait()
    deadline = time.monotonic() + STOP_SECONDS
    while any(worker.is_running() for worker in workers):
        if time.monotonic() > deadline:
            raise Broken("workers outlived their master")
        time.sleep(0.1)
    suite.service.start_again()
    return f"{len(workers)} orphans ended by themselves"


def reload_workers(suite: Suite) -> str:
    """Have all workers replaced: SIGHUP."""
    before = {worker.pid for worker in suite.service.workers()}
    os.kill(suite.service.site.pid, signal.SIGHUP)
    deadline = time.monotonic() + STOP_SECONDS
    while before & {worker.pid for worker in suite.service.workers()}:
        if time.monotonic() > deadline:
            raise Broken("a worker from before the reload still serves")
        time.sleep(0.1)
    return f"{len(before)} workers replaced"


def deploy(suite: Suite) -> str:
    """Migrate, start the next server beside the one that serves, switch, and end the first."""
    before = suite.service.site
    prepare(suite.service.environment)
    suite.service.replace()
    started = time.monotonic()
    code = before.stop()
    if code != 0:
        raise Broken(f"the server that was replaced ended with {code}")
    return f"the first server ended {time.monotonic() - started:.1f} s after SIGTERM"


def stop_and_start(suite: Suite) -> str:
    """End the only server while it works, as where there is but one machine, and start it again."""
    code = suite.service.site.stop()
    if code != 0:
        raise Broken(f"the server ended with {code}")
    suite.service.start_again()
    return "ended with 0, started at the same address"


def migrate_at_once(suite: Suite) -> str:
    """Have two servers bring the same empty database to the schema at the same time."""
    environment = {**suite.service.environment, "DATABASE_URL": suite.database.another("twice")}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    migrations = [
        subprocess.Popen(  # noqa: S603 - our own
            command, cwd=ROOT, env=environment, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for migration in migrations:
        _, complaint = migration.communicate(timeout=MIGRATION_SECONDS)
        if migration.returncode != 0:
            raise Broken(f"a migration failed: {complaint.decode().strip().splitlines()[-1]}")
    return "both ended with 0"
