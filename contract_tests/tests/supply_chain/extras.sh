#!/bin/sh
# Installs each extra alone, from a wheel of this tree into an empty environment, where the extra does its main job.
set -eu
cd "$(dirname "$0")/../../.."
bin=$PWD/.venv/bin
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
"$bin/python" -m hatchling build --target wheel --directory "$folder" >/dev/null
"$bin/python" -c 'import sys; from bluejay_contract.stub import SCENARIOS
sys.stdout.buffer.write(SCENARIOS["settled"].bodies[-1])' >"$folder/run.json"
cp examples/orders/openapi.yaml "$folder"
cd "$folder"

alone() { # an extra in brackets, or nothing, and its job
    echo "extra ${1:-(none)}: $2"
    wheel="$(echo ./*.whl)$1"
    shift
    PYTHONWARNINGS=error "$bin/uv" run --quiet --isolated --no-project --python "$bin/python" --with "$wheel" -- "$@" >/dev/null
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
alone "[stub]" bluejay-contract stub --list
alone "[kit]" contract-kit mutants openapi.yaml
alone "[contract]" bluejay-contract check run.json
alone "[contract]" python -c '
import importlib, pkgutil
for name in ("bluejay_api", "bluejay_results", "bluejay_contract", "contract_kit"):
    package = importlib.import_module(name)
    for each in pkgutil.walk_packages(package.__path__, f"{name}."):
        if not each.name.endswith("__main__"):
            importlib.import_module(each.name)'
