"""Production refuses each wrong variable with a sentence that names it."""

import pytest

from tests.deployment.variables import REQUIRED, run_python

START = "import server.settings_production, server.gunicorn_configuration"


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
