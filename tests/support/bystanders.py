"""Those who use a live site while others attack it."""

import httpx

from harness.site import LiveSite
from tests.support.live_account import predict

LIVE_SECONDS = 2.0  # hung is what the attacks want; a slow machine is none


def assert_others_are_served(site: LiveSite, token: str, photo: bytes) -> None:
    """Probe, ask and predict: nobody else notices anything."""
    for _ in range(5):
        assert httpx.get(f"{site.url}/health/live", timeout=LIVE_SECONDS).status_code == 200
    answer = httpx.post(f"{site.url}/graphql", json={"query": "{ __typename }"}, timeout=10)
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert predict(site, token, photo)["label"] == "tiger cat"
