#!/bin/sh
# Prints the command of a Python 3.11, or says in one sentence that there is none.
for candidate in python3.11 python3 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
        echo "$candidate"
        exit 0
    fi
done
echo "Telltale needs Python 3.11, and none is on the PATH: install it (python.org, pyenv, your package manager), then run the same command again." >&2
exit 1
