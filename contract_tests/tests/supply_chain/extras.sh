#!/bin/sh
# Installs each wheel and each extra of this tree alone, into an empty environment, where it does its main job.
set -eu
cd "$(dirname "$0")/../../.."
bin=$PWD/.venv/bin
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
for place in . contract_kit; do
    (cd $place && "$bin/python" -m hatchling build --target wheel --directory "$folder" >/dev/null)
done
"$bin/python" -c 'import sys; from bluejay_contract.stub import SCENARIOS
sys.stdout.buffer.write(SCENARIOS["settled"].bodies[-1])' >"$folder/run.json"
cp -r examples/orders/* "$folder"
cd "$folder"
kit=$(echo ./contract_kit-*.whl)
with=
import_all='import importlib, pkgutil, sys
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for each in pkgutil.walk_packages(package.__path__, f"{name}."):
        if not each.name.endswith("__main__"):
            importlib.import_module(each.name)'

installed() { # a wheel with its extra, and its job; `with` has further arguments of uv
    echo "$1: $2"
    wheel=$1
    shift
    # shellcheck disable=SC2086 # several arguments
    PYTHONWARNINGS=error "$bin/uv" run --quiet --isolated --no-project --python "$bin/python" \
        --with "$wheel" $with -- "$@" >/dev/null
}

alone() { # an extra in brackets, or nothing, and its job
    extra=$1
    shift
    installed "$(echo ./bluejay_results-*.whl)$extra" "$@"
}

alone "" python -c 'import bluejay_results'
alone "[cli]" bluejay-results show run.json
alone "[report]" python -c 'from bluejay_results import SimulationRun
from bluejay_results.gate import Rules
from bluejay_results.report import html_report
assert html_report(SimulationRun.from_file("run.json"), Rules(min_pass_rate=90))'
for extra in "[export]" "[dask]"; do
    alone "$extra" python -c 'import sys
from bluejay_results.export import export, saved_runs
assert export(saved_runs(["run.json"]), sys.argv[1]).rows["runs"] == 1' "tables-of-$extra"
done
alone "[dask]" python -c 'import distributed'
installed "$kit" contract-kit mutants openapi.yaml
with="--with $kit" # the extras below require it, and no index has it
alone "[stub]" bluejay-contract stub --list
alone "[contract]" bluejay-contract check run.json
alone "[contract]" python -c "$import_all" bluejay_api bluejay_results bluejay_contract
with="--with pytest"
installed "$kit" python -c "$import_all" contract_kit
alone "" pytest --fixtures # the plugin starts without the kit
with="--with pytest --with httpx"
installed "$kit" pytest -q --maxfail 1 test_client.py
