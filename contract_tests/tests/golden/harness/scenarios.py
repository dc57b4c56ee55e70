"""Every scenario of the stub, with the response to every request that it answers, and what the rules find."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, islice

from bluejay_contract.checks import check, check_sequence, pairs
from bluejay_contract.exchange import Exchange, Key, Request
from bluejay_contract.operations import Page
from bluejay_contract.stub import SCENARIOS, Scenario

from ...harness.mutants import CONTRACT
from .rules import told
from .talk import Talk, digest, shown, talk

RESULTS, RESULT = "GET retrieve-simulation-results", "GET retrieve-simulation-result"
SHOWN = 20
"""How many of a scenario's results are fetched by id."""
MANY = 10
"""Of this many pages, the rules check only the first and the last, which takes less time."""


def texts() -> dict[str, Callable[[], Iterator[str]]]:
    """Return the function that yields the text about each scenario, by the name of its file."""
    return {f"scenarios/{name}": partial(_said, each) for name, each in SCENARIOS.items()}


def _said(scenario: Scenario) -> Iterator[str]:
    yield f"== {scenario.name} ({scenario.run_id}, of {scenario.simulation_id}): {scenario.description}"
    with talk() as say:
        reads = list[Exchange]()
        for _ in scenario.bodies:
            for line, read in _pages(say, scenario.run_id):
                reads.append(read)
                yield f"{line} => {read.status}"
                yield from shown(read.body)
        again = [read.body for _, read in _pages(say, scenario.run_id)]
        yield f"the last step is repeated: {again == [each.body for each in reads[-len(again) :]]}"
        checked = reads if len(reads) < MANY else [reads[0], reads[-1]]
        found = [failure for read in checked for failure in check(CONTRACT, read)]
        found += [failure for pair in pairs(checked) for failure in check_sequence(*pair)]
        yield from dict.fromkeys(f"the rules find: {told([each])}" for each in found)
        for result_id in islice(scenario.result_ids, SHOWN):
            for _ in range(len(scenario.single_bodies) + 1):
                fetched = say.send(f"{RESULT}/{result_id}").json()
                yield f"{RESULT}/{result_id} => {digest(fetched['simulation_result'])}"
        yield from _queued(say, scenario)


def _pages(say: Talk, run_id: str) -> Iterator[tuple[str, Exchange]]:
    for offset in count(0, 100):
        line = f"{RESULTS}/{run_id}" + (f"?offset={offset}" if offset else "")
        response = say.send(line)
        request = Request(run_id, Key.VALID, secret=say.stub.api_key, page=Page(offset=offset))
        yield line, Exchange(request, response.status_code, dict(response.headers), response.content)
        if len(response.json().get("simulation_results") or ()) < 100:
            return


def _queued(say: Talk, scenario: Scenario) -> Iterator[str]:
    """Queue a run of the simulation with the scenario's run id, which plays the scenario."""
    queue = f"""POST queue-simulation-run '{{"simulation_id": "{scenario.run_id}"}}'"""
    queued = say.send(queue).json()
    ids = queued["simulation_result_ids"]
    yield f"{queue} => {json.dumps(queued | {'simulation_result_ids': [len(ids), *ids[:1], *ids[-1:]]})}"
    run_id = queued["simulation_run_id"]
    for _ in scenario.bodies:
        read = say.send(f"{RESULTS}/{run_id}").json()
        listed = [str(each["id"]) for each in read.get("simulation_results") or ()]
        assert listed in ([], ids[:100])
        yield f"{RESULTS}/{run_id} => {json.dumps(read['simulation_run'])}"
    yield from say(f"GET get-simulation-runs/{scenario.run_id}")
