"""Writes `client_limits.json`, a baseline for `contract-kit test` with our client's documented limits.

`make findings` runs this module. Each verdict in the file must be a documented limit:

- the client reads a time without a zone as UTC, and accepts any content type;
- the client refuses a run, a conversation or a list of runs that it didn't request, although the schema
  allows any id;
- the client refuses an id that could change a command line.

docs/contract-checks.md describes these limits.
"""

from __future__ import annotations

import re
from pathlib import Path

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Mutant
from contract_kit.derive.strictness import Strictness
from contract_kit.judge.baseline import Baseline
from contract_kit.judge.client_run import run_client
from contract_kit.judge.results import Results
from contract_kit.judge.verdicts import Verdict
from contract_kit.serve.clients import PythonClient

from ..operations import is_of_another

FILE = Path(__file__).with_name("client_limits.json")
CLIENT = "contract_tests.tests.conformance.our_client:call"

_IDS = re.compile(r":non-ascii:/(simulation_result_ids/\*|simulation_run_id|simulation_run/simulation_id)$")
_LENIENT = re.compile(r":date-time-without-zone:|:content-type=\w+$")


def catalogue() -> Catalogue:
    """Derive the mutants of openapi.yaml."""
    return Catalogue.load(Path(__file__).parents[3] / "openapi.yaml")


def our_results() -> Results:
    """Serve every mutant of openapi.yaml to our client over HTTP."""
    return run_client(catalogue(), PythonClient(CLIENT, ("bluejay_results:BluejayError",)))


def is_documented(mutant: Mutant, verdict: str) -> bool:
    if verdict == Verdict.PASSED_ON:
        return bool(_LENIENT.search(mutant.id))
    is_refused_id = is_of_another(mutant.operation.id, mutant.response.body) or _IDS.search(mutant.id)
    return verdict == Verdict.WRONGLY_REFUSED and bool(is_refused_id)


def baseline(results: Results) -> bytes:
    return Baseline.of(results, Strictness.MUST, None).written()


if __name__ == "__main__":
    FILE.write_bytes(baseline(our_results()))
