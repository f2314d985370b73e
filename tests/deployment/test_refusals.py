"""Production refuses each wrong variable with a sentence that names it."""

import pytest

from tests.deployment.variables import REQUIRED, run_python

START = "import server.settings_production, server.gunicorn_configuration"
WAYS = {
    "manage": "import sys, runpy; sys.argv = ['manage.py', 'check'];"
    " runpy.run_path('manage.py', run_name='__main__')",
    "wsgi": "import server.wsgi",
}


def test_the_example_is_accepted() -> None:
    assert run_python(START, REQUIRED).returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "too short"),
        ("DATABASE_URL", "mysql://somebody@host/telltale"),
        ("DATABASE_URL", "postgres://somebody@host/"),
        ("RENDER_EXTERNAL_HOSTNAME", ""),
        ("ALLOWED_HOSTS", "https://telltale.example"),
        ("ALLOWED_HOSTS", "*"),
        ("SITE_URL", "telltale.example"),
        ("CLIENT_ORIGINS", "telltale.vercel.app"),
        ("CLIENT_ORIGINS", "ftp://telltale.vercel.app"),
        ("CLIENT_ORIGINS", "https://*.vercel.app"),
        ("CLIENT_ORIGINS", "https://Telltale.vercel.app"),
        ("CLIENT_ORIGINS", "https://telltale.vercel.app/login"),
        ("EMAIL_URL", "smtp.example.org"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "consolemail://"),
        ("HSTS_SCOPE", "everything"),
        ("METRICS_TOKEN", "short"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_CONCURRENCY", "many"),
        ("TRUSTED_PROXY_COUNT", "-1"),
        ("PREDICTIONS_PER_DAY", "unlimited"),
        ("PREDICTION_RETENTION_DAYS", "-1"),
        ("MAX_UPLOAD_BYTES", "100"),
        ("MAX_PIXELS", "1000000000"),
        ("MAX_WAITING_PREDICTIONS", "x"),
        ("MAX_WAIT_SECONDS", "0"),
        ("SLOW_REQUEST_MS", "1.5"),
        ("TELLTALE_ENGINE", "tensorflow"),
    ],
)
def test_a_wrong_value_is_refused(name: str, value: str) -> None:
    answer = run_python(START, REQUIRED | {name: value})
    told = {"RENDER_EXTERNAL_HOSTNAME": "ALLOWED_HOSTS"}.get(name, name)
    assert answer.returncode == 1
    sentence = answer.stderr.splitlines()[-1]
    assert f"The environment variable {told} " in sentence
    assert sentence.endswith(".")
    assert "pa55word" not in answer.stderr


@pytest.mark.parametrize("sign", ["RENDER", "DATABASE_URL"])
@pytest.mark.parametrize("chosen", [{}, {"DJANGO_SETTINGS_MODULE": ""}])
@pytest.mark.parametrize("way", ["manage", "wsgi"])
def test_what_looks_like_production_never_gets_the_settings_of_development(
    sign: str, chosen: dict[str, str], way: str
) -> None:
    answer = run_python(WAYS[way], {sign: "postgres://u:pa55word@host/telltale", **chosen})

    assert answer.returncode == 1
    sentence = answer.stderr.splitlines()[-1]
    assert f"DJANGO_SETTINGS_MODULE is not set, and {sign} looks like production" in sentence
    assert "pa55word" not in answer.stderr


@pytest.mark.parametrize("way", ["manage", "wsgi"])
def test_elsewhere_they_are_taken_and_it_is_said(way: str) -> None:
    answer = run_python(WAYS[way])

    assert answer.returncode == 0, answer.stderr
    assert "using server.settings, which are for development" in answer.stderr


@pytest.mark.parametrize("way", ["manage", "wsgi"])
def test_settings_that_are_named_are_taken_without_a_word(way: str) -> None:
    variables = {"DATABASE_URL": REQUIRED["DATABASE_URL"], "RENDER": "true"}

    answer = run_python(WAYS[way], {"DJANGO_SETTINGS_MODULE": "server.settings", **variables})

    assert (answer.returncode, answer.stderr) == (0, "")
