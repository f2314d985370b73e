"""Two instances behind a balancer: a new version takes the place of the one that serves.

The version before is the last that had another schema, where the checkout knows it: so its
instances serve while the migrations of this one run.
"""

import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from harness.balancer import Balancer, balancing
from harness.certificate import make_certificate
from harness.proxy import render_proxy, serving
from rehearsal.deployment import Deployment
from rehearsal.instances import CHECKS, Pair
from rehearsal.steady import working
from rehearsal.table import Table
from rehearsal.visitor import Visitor
from server.classifier.packaged_file import packaged_file

INSTANCES = 2


@dataclass
class Rolling:
    """The old version and the new one, and who serves."""

    old: Deployment
    new: Deployment
    balancer: Balancer
    running: ExitStack
    serving: list[tuple[Deployment, "subprocess.Popen[bytes]"]] = field(default_factory=list)

    def start(self, version: Deployment, port: int) -> float:
        """Start an instance, and send it requests once it is healthy; return the seconds."""
        instance = version.instance(port)
        process = self.running.enter_context(instance.running())
        seconds = instance.wait_until_healthy(process)
        self.balancer.admit(port)
        self.serving.append((instance, process))
        return seconds

    def replace_first(self, port: int) -> str:
        """Start one of the new version, then let the oldest finish its work and end it."""
        started = self.start(self.new, port)
        instance, process = self.serving.pop(0)
        self.balancer.drain(instance.port)
        stopped = instance.stop(process)
        self.balancer.lose(instance.port)
        return f"healthy after {started:.1f} s, the one before ended {stopped:.1f} s after SIGTERM"


def rehearse_instances(table: Table, site: Deployment, before: Deployment, commit: str) -> None:
    """Have instances of `before` serve, replace them by those of `site`, and ask both of these.

    `site` is built, and on the database of `before`, whose migrations it has yet to run. Raises
    `RehearsalFailed` or `TimeoutError`.
    """
    certificate = make_certificate(site.folder.parent, [site.host])
    with ExitStack() as stack:
        with table.row("version before"):
            before.build()
            table.saw(f"commit {commit[:12]}, on a database of its own")
        balancer = stack.enter_context(balancing(site.folder.parent / "lb", instances=4))
        entrance = stack.enter_context(serving(render_proxy(balancer.port), certificate))
        photo = packaged_file("scikit-image", "coffee.png").read_bytes()

        def new_visitor() -> Visitor:
            return Visitor(site.host, entrance, certificate)

        rolling = Rolling(before, site, balancer, stack)
        old, new = balancer.ports[:INSTANCES], balancer.ports[INSTANCES:]
        with table.row("two instances"):
            seconds = [rolling.start(before, port) for port in old]
            table.saw(f"healthy after {max(seconds):.1f} s, behind HAProxy")
        with table.row("new version"), working(new_visitor, photo, "espresso") as seen:
            migrated = site.build()
            replaced = [rolling.replace_first(port) for port in new]
            table.saw(f"built and migrated while the old one served, {migrated:.0f} s")
        for what in replaced:
            table.tell(what)
        table.tell(f"{seen.predictions} predictions and {seen.pages} pages, none failed or lost")
        first, second = (
            stack.enter_context(serving(render_proxy(port), certificate)) for port in new
        )
        pair = Pair(first, second, new_visitor, photo, site.variables["METRICS_TOKEN"])
        for check in CHECKS:
            with table.row(check.__name__.replace("_", " ")):
                table.saw(check(pair))
        with table.row("stop both"):
            seconds = [instance.stop(process) for instance, process in rolling.serving]
            table.saw(f"ended {max(seconds):.1f} s after SIGTERM at most")


def version_before(commit: str, git: Callable[..., str]) -> str:
    """Return the latest commit before `commit` with other migrations, or `commit` itself."""
    added = git(
        "log", "-1", "--diff-filter=A", "--format=%H", commit, "--", "server/**/migrations/*.py"
    )
    try:
        return git("rev-parse", "--verify", "--quiet", f"{added}^") if added else commit
    except subprocess.CalledProcessError:  # a shallow clone ends here
        return commit
