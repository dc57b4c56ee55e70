#!/bin/sh
# Runs a short suite on the newest allowed dependencies with each installed Python, and on the lowest with the oldest.
set -eu
cd "$(dirname "$0")/../../.."
tests=contract_tests/tests

find_python() { # uv finds only the version that pyenv selected, unless all versions of pyenv are in PATH
    PATH="$(printf '%s:' "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin)$PATH" \
        .venv/bin/uv python find --no-python-downloads "$1" 2>/dev/null
}

passes() { # a Python release, and the resolution of its dependencies
    echo "Python $1, $2 versions"
    folder=".build/versions/$1-$2"
    .venv/bin/uv venv --quiet --clear --python "$(find_python "$1")" "$folder"
    # The dependencies are named directly: for uv, those of a wheel aren't direct and would get the newest versions.
    .venv/bin/uv pip install --quiet --python "$folder/bin/python" --resolution "$2" \
        -r pyproject.toml --extra contract -r contract_kit/pyproject.toml "trustme>=1.2"
    .venv/bin/uv pip install --quiet --python "$folder/bin/python" --no-deps .
    "$folder/bin/python" -m pytest -q -p no:cacheprovider \
        $tests/overlay/test_retrieve.py $tests/overlay/test_wait.py \
        $tests/cli/test_wait_command.py $tests/cli/test_help_and_startup.py \
        $tests/cli/test_show_command.py $tests/cli/test_gate_command.py \
        $tests/harness/test_check_command.py
}

passes 3.11 lowest-direct
for python in 3.11 3.12 3.13 3.14; do
    if find_python $python >/dev/null; then
        passes $python highest
    fi
done
