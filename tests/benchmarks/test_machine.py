from benchmarks.machine import description


def test_it_is_said_on_what_and_against_what_was_measured() -> None:
    told = description()
    assert set(told) == {"commit", "versions", "peers", "machine"}
    peers = told["peers"]
    assert isinstance(peers, dict)
    assert {"litserve", "fastapi", "bentoml", "ray", "postgraphile", "autocannon"} <= set(peers)
    assert {"strawberry-graphql-django"} <= set(peers)
