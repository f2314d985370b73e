#!/usr/bin/env bash
# Builds a deployment in the environment that is active (Render's): packages, the exported model, the
# playground's files, static files, migrations. Needs SECRET_KEY and DATABASE_URL.
set -euo pipefail
cd "$(dirname "$0")"
exec python -m scripts.prepare deploy
