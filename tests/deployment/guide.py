"""The commands of the deployment guide, as they stand there."""

import re
from textwrap import dedent

from scripts.paths import ROOT

GUIDE = (ROOT / "DEPLOYMENT_GUIDE.md").read_text(encoding="utf-8")
MARKED = re.compile(
    r"^ *<!-- test: ([\w ]+) -->\n( *)```sh\n(.*?)^ *```$", re.DOTALL | re.MULTILINE
)


def commands() -> dict[str, str]:
    """What may be pasted into a shell, by the name of its mark."""
    return {name: dedent(block) for name, _, block in MARKED.findall(GUIDE)}
