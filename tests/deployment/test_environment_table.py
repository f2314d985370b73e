"""The guide lists every variable the server reads, with its true default and meaning."""

from scripts.paths import ROOT
from tests.deployment.variables import PLATFORM_VARIABLES, variables_of

GUIDE = (ROOT / "DEPLOYMENT_GUIDE.md").read_text()


def test_the_table_is_what_both_settings_read() -> None:
    production = variables_of("server.settings_production")
    development = variables_of("server.settings")
    assert set(development) <= set(production)
    expected = [
        f"| `{name}` | {_default(production[name])} | {_default(development.get(name))} "
        f"| {production[name]['purpose']} |"
        for name in production
    ]
    listed = [
        line for line in GUIDE.splitlines() if line.startswith("| `") and line.count("|") == 5
    ]
    assert sorted(listed) == sorted(expected)


def test_what_the_platform_reads_is_told_too() -> None:
    for name in PLATFORM_VARIABLES:
        assert f"`{name}`" in GUIDE


def _default(variable: dict[str, str | None] | None) -> str:
    if variable is None:
        return "not read"
    default, fallback = variable["default"], variable["fallback"]
    parts = [f"`{fallback}`"] if fallback else []
    if default:
        parts.append(f"`{default.replace(f'{ROOT}/', '')}`")
    if parts:
        return ", else ".join(parts)
    return "must be set" if default is None else "none"
