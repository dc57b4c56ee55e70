#!/bin/sh
# Uses every command with the newest allowed dependencies on each installed Python, and with the lowest on the oldest.
set -eu
cd "$(dirname "$0")/../../.."

find_python() { # uv finds only the version that pyenv selected, unless all versions of pyenv are in PATH
    PATH="$(printf '%s:' "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin)$PATH" \
        .venv/bin/uv python find --no-python-downloads "$1" 2>/dev/null
}

passes() { # a Python release, and the resolution of its dependencies
    echo "Python $1, $2 versions"
    .venv/bin/python contract_tests/tests/supply_chain/installed.py "$2" "$(find_python "$1")"
}

passes 3.11 lowest-direct
for python in 3.11 3.12 3.13 3.14; do
    if find_python $python >/dev/null; then
        passes $python highest
    fi
done
