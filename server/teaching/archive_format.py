"""What stands in the archive of a version, and how its card is told."""

from typing import Any

from server.classifier.card import ModelCard
from server.teaching.models import ClassifierVersion
from server.teaching.taught import version_text

FORMAT = "telltale-classifier-1"
CARD_FILE = "card.json"
HEAD_FILE = "head.f32"
MODEL_FILE = "model.onnx"
RUNNER_FILE = "run.py"
README_FILE = "README.md"

README = """\
# {name}

Tells {labels} labels apart, and what is none of them. Taught with {examples} photos, on {created}.

    pip install numpy onnxruntime Pillow cykooz-resizer
    python run.py photo.jpg

- `model.onnx` is all of it in one graph: `pixels` (1, {size}, {size}, 3), uint8, RGB, to the
  `probabilities` of the labels, the `similarity` to the nearest of them, and `is_known`, which is
  false for what is like none.
- `card.json` has the labels in their order and all else that there is to say.
- `head.f32` is what was taught, in plain numbers. `importClassifier` makes a classifier of that and
  the card, for any account; `model.onnx` may be left out of the archive for it.
- `run.py` prepares photos as the service does, colour profiles of RGB obeyed, and answers as it
  does. What it leaves out: it lays nothing transparent on white, and reads no HEIC.

The weights of {backbone} are under {license}, https://www.apache.org/licenses/LICENSE-2.0;
they are from {source}
and the layers that were taught were added to their graph.
"""


def readme_text(version: ClassifierVersion, backbone: ModelCard) -> str:
    """Return what an archive says of itself to people."""
    return README.format(
        name=version.classifier.name,
        labels=len(version.labels),
        examples=sum(version.example_counts),
        created=f"{version.created_at:%Y-%m-%d}",
        size=backbone.input_size,
        backbone=f"{backbone.name} {backbone.version}",
        license=backbone.license,
        source=backbone.source,
    )


def card_of(version: ClassifierVersion, backbone: ModelCard) -> dict[str, Any]:
    """Return what an archive says of itself to programs."""
    return {
        "format": FORMAT,
        "name": version.classifier.name,
        "version": version_text(version.number, version.sha256),
        "createdAt": version.created_at.isoformat(),
        "backbone": {
            "name": backbone.name,
            "version": backbone.version,
            "weightsSha256": backbone.weights_sha256,
            "license": backbone.license,
            "source": backbone.source,
        },
        "input": {"size": backbone.input_size, "cropFraction": backbone.crop_fraction},
        "labels": version.labels,
        "exampleCounts": version.example_counts,
        "somethingElse": version.something_else,
        "threshold": version.threshold,
        "temperature": version.temperature,
        "estimatedAccuracy": version.estimated_accuracy,
    }
