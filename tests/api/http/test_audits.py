import json
import subprocess
from pathlib import Path

import pytest

from harness.site import LiveSite

SCRIPT = Path(__file__).with_name("audits.mjs")
AUDITS = 61  # of graphql-http 1.23: https://github.com/graphql/graphql-http


@pytest.mark.live
def test_every_audit_of_graphql_over_http_passes(live_site: LiveSite) -> None:
    ran = subprocess.run(
        ["node", SCRIPT, f"{live_site.url}/graphql"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    outcomes = json.loads(ran.stdout)
    assert [outcome for outcome in outcomes if outcome["status"] != "ok"] == []
    assert len(outcomes) == AUDITS
