"""What people and programs do with a deployment, from registering to the history."""

import secrets
from typing import Any

import httpx

from rehearsal.checks import Check, Rehearsal, require
from rehearsal.visitor import Visitor

PASSWORD = "correct horse battery 9"
REGISTER = """mutation ($input: RegisterInput!) { register(input: $input) {
  user { id } errors { code message } } }"""
HISTORY = "{ viewer { history(first: 5) { edges { node { label image { url } } } } } }"
CREATE_TOKEN = """mutation { createApiToken(input: {name: "rehearsal", scopes: [READ, PREDICT]}) {
  secret } }"""


def register(rehearsal: Rehearsal) -> str:
    """An account, and a session whose cookie only TLS carries."""
    rehearsal.render.get("/graphql", Accept="text/html")
    answer = _register(rehearsal.render, "somebody@example.org")
    cookie = next(c for c in answer.headers.get_list("Set-Cookie") if c.startswith("sessionid="))
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax"):
        require(attribute in cookie, f"the session's cookie is not {attribute}")
    require(answer.headers["Cache-Control"] == "private, no-store", "the answer may be kept")
    rehearsal.secrets.append(cookie.partition("=")[2].partition(";")[0])
    return "session cookie Secure, HttpOnly, SameSite=Lax"


def predict(rehearsal: Rehearsal) -> str:
    """The photo is told, and kept, for its owner alone."""
    told = _predict(rehearsal, rehearsal.render)
    forged = rehearsal.render.predict(rehearsal.photo, X_CSRFToken="wrong" * 8)
    require(forged.status_code == 403, f"without CSRF it answers {forged.status_code}")
    crop = rehearsal.render.get(told["image"]["url"])
    require(crop.headers["Content-Type"] == "image/jpeg", crop.headers["Content-Type"])
    require("private" in crop.headers["Cache-Control"], crop.headers["Cache-Control"])
    require(rehearsal.stranger.get(told["image"]["url"]).status_code == 404, "a stranger sees it")
    return f"{told['label']} {told['confidence']:.0%}, its crop to the owner alone"


def history(rehearsal: Rehearsal) -> str:
    """The history has it."""
    return _history(rehearsal, rehearsal.render)


def token(rehearsal: Rehearsal) -> str:
    """A token is enough for a program, and a wrong one is refused."""
    secret = rehearsal.render.data(CREATE_TOKEN)["createApiToken"]["secret"]
    rehearsal.secrets.append(secret)
    program = rehearsal.stranger
    _predict(rehearsal, program, Authorization=f"Bearer {secret}")
    refused = program.execute(HISTORY, Authorization=f"Bearer {secret[:-1]}?")
    require(refused.status_code == 401, f"a wrong token is answered with {refused.status_code}")
    return "predicts by token, a wrong one → 401"


def vercel_split(rehearsal: Rehearsal) -> str:
    """Behind Vercel it is one site: first-party session, CSRF, no answer kept."""
    visitor = rehearsal.vercel
    page = visitor.get("/")
    require("default-src 'self'" in page.headers["Content-Security-Policy"], "no policy")
    visitor.get("/graphql", Accept="text/html")
    _register(visitor, "someone@example.org")
    _predict(rehearsal, visitor)
    told = _history(rehearsal, visitor)
    foreign = visitor.execute(HISTORY, Origin="https://evil.example")
    require(foreign.status_code == 403, f"a foreign origin is answered with {foreign.status_code}")
    require(foreign.headers["Cache-Control"] == "private, no-store", "the answer may be kept")
    require(visitor.get("/admin/login/").status_code == 200, "the admin is not passed on")
    require(visitor.get("/metrics").status_code == 404, "/metrics is passed on")
    return f"session and CSRF through the rewrite; {told}"


def register_account(visitor: Visitor) -> str:
    """Make an account as somebody new, who is signed in from then on; return its address."""
    visitor.get("/graphql", Accept="text/html")
    email = f"{secrets.token_hex(8)}@example.org"
    _register(visitor, email)
    return email


def _register(visitor: Visitor, email: str) -> httpx.Response:
    answer = visitor.execute(REGISTER, {"input": {"email": email, "password": PASSWORD}})
    errors = answer.json().get("errors") or answer.json()["data"]["register"]["errors"]
    require(not errors, str(errors))
    return answer


def _predict(rehearsal: Rehearsal, visitor: Visitor, **headers: str) -> Any:  # noqa: ANN401 - JSON
    answer = visitor.predict(rehearsal.photo, **headers).json()
    require("errors" not in answer, str(answer))
    payload = answer["data"]["predict"]
    require(not payload["errors"], str(payload))
    label = payload["prediction"]["label"]
    require(label == rehearsal.expected_label, f"the photo is told to be {label}")
    return payload["prediction"]


def _history(rehearsal: Rehearsal, visitor: Visitor) -> str:
    edges = visitor.data(HISTORY)["viewer"]["history"]["edges"]
    labels = [edge["node"]["label"] for edge in edges]
    require(labels == [rehearsal.expected_label], f"the history has {labels}")
    return "the history has it"


JOURNEY: list[Check] = [register, predict, history, token, vercel_split]
