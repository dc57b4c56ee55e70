"""Tables of verdicts on whole runs of a client, which depend on what it does with the valid responses."""

import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby

from contract_kit.judge.client_run import run_client, run_mutants
from contract_kit.judge.controls import Controls
from contract_kit.judge.results import Result, Results
from contract_kit.serve.clients import PythonClient

from ..documents import catalogue_answering, content
from ..fakes import MODULE, ORDER, FakeCatalogue, mutant
from .calls import in_folder
from .texts import Case, unescaped

OBJECT = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
KINDS = {"200": ("application/json", "application/hal+json")}
RECEIVING = f"""{MODULE}
def call(url, operation, arguments):
    try: response = urllib.request.urlopen(url + "/thing")
    except urllib.error.HTTPError as error: response = error
    kind, status = response.headers.get_content_type(), response.status
    try: thing = json.load(response)
    except ValueError: raise RefusedError("not JSON")
"""
REMEMBERING = f"""{MODULE}
VALID = {ORDER!r}
state = {{"errors": 0}}
def call(url, operation, arguments):
"""
CHOSEN = re.compile(":(required|type=boolean:/id|not-json|status=418|content-type=html|valid-body.*):?$")
CLIENT = PythonClient("client:call", ("client:RefusedError",))
IDS = ("8", "x", "9", "y", 7.5, *"abcdef")
"""The values that an order's `id` gets in turn."""


def responses(cases: Iterable[Case]) -> Iterator[str]:
    """Yield the verdict on each mutant: `LABELS; CODE`, in which the code follows `RECEIVING`."""
    for case in cases:
        labels, _, code = case.text.partition("; ")
        kinds = {each: KINDS.get(each, KINDS["200"][:1]) for each in labels.split()}
        catalogue = catalogue_answering({each: content(*kinds[each], schema=OBJECT) for each in kinds})
        mutants = [each for each in catalogue.mutants() if CHOSEN.search(each.id)]
        with in_folder({"client.py": module(RECEIVING, code)}):
            found = run_mutants(catalogue, CLIENT, mutants, 1, 20, None, Controls(catalogue))
        yield "\n".join(["", *map(row, found.all), *(f"control {row(each)}" for each in found.controls)])


def states(cases: Iterable[Case]) -> Iterator[str]:
    """Yield the verdicts on broken bodies, in the order in which a client gets them: `CODE`."""
    bodies = [json.dumps({"id": each, "status": "paid"}).encode() for each in IDS]
    catalogue = FakeCatalogue(tuple(mutant(f"{number}", each) for number, each in enumerate(bodies)))
    for case in cases:
        with in_folder({"client.py": module(REMEMBERING, case.text)}):
            one, several = (run_client(catalogue, CLIENT, jobs=jobs) for jobs in (1, 2))
        yield f"in 1 process: {summary(one)}\nin 2 processes: {summary(several)}"


def summary(found: Results) -> str:
    same = groupby(each.verdict for each in found.all)
    verdicts = ", ".join(f"{verdict} {len(list(each))}" for verdict, each in same)
    return "; ".join([verdicts, *(row(each) for each in found.controls)])


def row(found: Result) -> str:
    parts = (found.detail and f": {found.detail}", *(f"; {each}" for each in found.advice))
    return f"{found.mutant.id.removeprefix('getThing:')} {found.verdict}{''.join(parts)}"


def module(start: str, code: str) -> str:
    return start + textwrap.indent(unescaped(code).decode(), "    ") + "\n"
