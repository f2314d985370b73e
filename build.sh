#!/usr/bin/env bash
# Builds a deployment in the environment that is active (Render's): packages, the exported model, the client and the
# playground, static files, migrations. Stops at the first error; what is done is not done again.
set -euo pipefail
cd "$(dirname "$0")"
exec python -m scripts.prepare deploy
