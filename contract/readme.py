"""The typed clients that the README has an integrator paste, pasted as they stand."""

import base64
import re
import shutil
from contextlib import closing
from dataclasses import dataclass

from contract.client import CLIENTS
from contract.journeys import JourneyFailed, output_of, photo
from harness.accounts import new_token
from harness.connection import Connection
from harness.site import LiveSite
from scripts.paths import ROOT

ADDRESS = "http://127.0.0.1:8000"
PREDICT = "mutation ($input: PredictInput!) { predict(input: $input) { errors { code } } }"


@dataclass(frozen=True)
class Pasted:
    """A block of the README and the one below it, which shows what the first prints at its end."""

    mark: str
    environment: str  # the name of the client whose programs it finds installed

    @property
    def text(self) -> str:
        """What is pasted."""
        return _marked(self.mark)

    @property
    def shown(self) -> str:
        """What it prints at its end, says the README."""
        return _marked(f"output of {self.mark}")


PASTED = (
    Pasted("typed python", "ariadne_codegen"),
    Pasted("typed javascript", "graphql_codegen"),
)


def paste(pasted: Pasted, site: LiveSite) -> None:
    """Paste a block into a shell, in a folder with the schema alone, and compare what it prints.

    Raises:
        NotInstalled: what it needs can't be installed here.
        JourneyFailed: the message says why.
    """
    client = next(each for each in CLIENTS if each.name == pasted.environment)
    client.install()
    folder = client.folder / "pasted"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(ROOT / "schema.graphql", folder)
    token = new_token(site.port)
    with closing(Connection(site.port, token)) as connection:
        image = {"base64": base64.b64encode(photo().read_bytes()).decode()}
        connection.execute(PREDICT, {"input": {"image": image}})
    text = pasted.text.replace(ADDRESS, site.url)
    variables = client.variables({"TELLTALE_TOKEN": token})
    output = output_of(("bash", "-e", "-c", text), folder, variables)
    if not output.rstrip().endswith(pasted.shown.rstrip()):
        raise JourneyFailed(f"it printed {output[-500:]!r}, and the README shows {pasted.shown!r}")


def _marked(name: str) -> str:
    """Return the fenced block below the line `<!-- test: name -->` of the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(
        rf"^<!-- test: {name} -->\n```\w+\n(.*?)^```$", text, re.DOTALL | re.MULTILINE
    )
    if block is None:
        raise LookupError(f"the README marks no block {name!r}")
    return block[1]
