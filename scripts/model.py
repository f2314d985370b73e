"""`.venv/bin/python -m scripts.model package.module:card`: a network of your own becomes a model.

It is exported beside the built-in one, held against PyTorch, and its memory told.
"""

import argparse
import os
import subprocess
import sys
from operator import itemgetter
from pathlib import Path

from scripts.paths import MODELS
from server.classifier.card import ModelCard
from server.classifier.own_card import CARD_FILE, read_card

MEBIBYTE = 2**20


def main() -> int:
    """Export the network and tell of it; 0 where that went well."""
    parser = argparse.ArgumentParser(
        prog="make model", usage="make model FROM=package.module:card", description=__doc__
    )
    parser.add_argument("reference", help="where the OwnNetwork is imported from")
    reference = parser.parse_args().reference
    models = Path(os.environ.get("MODEL_DIRECTORY") or MODELS)
    # In processes of their own: what PyTorch needs is not to be counted.
    exporting = [sys.executable, "-m", "server.classifier.own_export", reference]
    if subprocess.run([*exporting, "--out", str(models)], check=False).returncode:
        return 1
    cards = [(path.stat().st_mtime, read_card(path)) for path in models.glob(f"[!.]*/{CARD_FILE}")]
    made = [(written, card) for written, card in cards if card.made_from == reference]
    _tell(max(made, key=itemgetter(0))[1], models)
    return 0


def _tell(card: ModelCard, models: Path) -> None:
    measured = subprocess.run(
        [sys.executable, "-m", "server.classifier.model_memory", str(models), card.name],
        check=True,
        capture_output=True,
        text=True,
    )
    shared, own = (int(number) / MEBIBYTE for number in measured.stdout.split())
    can = ["answer"]
    if card.embedding_size is not None:
        can += ["be taught on", "find similar photos"]
    if card.has_feature_map:
        can.append("tell where in a photo a label comes from")
    print(f"It can {', '.join(can)}.")
    print(f"Memory: {shared:.0f} MiB for all workers together, and {own:.0f} MiB in each of them.")
    print(f'From its next start on the server answers to predict(input: {{model: "{card.name}"}}).')


if __name__ == "__main__":
    sys.exit(main())
