"""Where things lie in a checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
NODE_MODULES = ROOT / "node_modules"
BUILD = ROOT / "build"
LOGS = BUILD / "logs"
MODELS = BUILD / "model"
CLIENT = ROOT / "client"
CLIENT_ASSETS = CLIENT / "assets"
SERVED_CLIENT = BUILD / "client"  # as production serves it
PLAYGROUND_ASSETS = BUILD / "static" / "graphiql"
SAMPLE_PHOTOS = BUILD / "static" / "samples"
STATE = ROOT / ".telltale"  # the development database, and locks; survives `make clean`
DATABASE = STATE / "postgres"
