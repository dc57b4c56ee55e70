"""A stub that was reset is like a new one; page sizes, threads and the case of headers change no answer."""

import inspect
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from bluejay_contract.checks import check
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run
from bluejay_contract.stub.recording import answers_in
from contract_kit.tests.tables import table

from ..golden.harness.talk import Talk, talk

ONE = Answer(b"here", 202, {"x": "y"})
RECORDING = json.dumps(
    {
        "log": {
            "entries": [
                {
                    "request": {"method": "GET", "url": "http://a/v1/retrieve-simulation-results/48213"},
                    "response": {"status": 203, "headers": [], "content": {"text": "{}"}},
                }
            ]
        }
    }
)
REQUESTS = (
    "GET retrieve-simulation-results/48215",
    "GET retrieve-simulation-results/48213?limit=1",
    "GET retrieve-simulation-result/482280001",
    "GET get-simulation-runs/733",
    """POST queue-simulation-run '{"simulation_id": "733", "digital_human_ids": ["7"]}'""",
    "GET retrieve-simulation-results/48401",
)
CHANGES: dict[str, Callable[[Stub, Path], object]] = {
    "serve": lambda stub, _: stub.serve("48213", ONE),
    "serve at an offset": lambda stub, _: stub.serve("48213", ONE, offset=0),
    "serve_result": lambda stub, _: stub.serve_result("482280001", ONE),
    "serve_queue": lambda stub, _: stub.serve_queue(ONE),
    "serve_runs": lambda stub, _: stub.serve_runs("733", ONE),
    "serve_simulation": lambda stub, _: stub.serve_simulation("733", [run(passed=1, id="48213")]),
    "serve_recording": lambda stub, folder: stub.serve_recording(folder / "run.har"),
    "now": lambda stub, _: setattr(stub, "now", stub.now + timedelta(days=400)),
    "pages": lambda stub, _: setattr(stub, "pages", False),
}
"""What a test can change about a stub."""
UNCHANGING = {"api_key", "environment", "requests", "url", "client", "deliver", "reset"}


def _said(say: Talk) -> list[str]:
    lines = [*say(*REQUESTS), *say(*REQUESTS)]
    return [*lines, *(f"{each.request_id} {each.path} {each.query}" for each in say.stub.requests)]


def test_each_setting_of_a_stub_is_known() -> None:
    public = {name for name, _ in inspect.getmembers(Stub) if not name.startswith("_")}
    assert public == UNCHANGING | {each.partition(" ")[0] for each in CHANGES}


@table("pages", [True, False])
def test_a_stub_that_is_reset_is_like_a_new_one(pages: bool, tmp_path: Path) -> None:
    """A change must have an effect before the reset, or this would prove nothing."""
    (tmp_path / "run.har").write_text(RECORDING)
    with talk(pages=pages) as say:
        fresh = _said(say)
        say.stub.reset()
        assert _said(say) == fresh
        for name, change in CHANGES.items():
            say.stub.reset()
            change(say.stub, tmp_path)
            assert (_said(say) == fresh) is (name == "pages" and not pages), name
            say.stub.reset()
            assert _said(say) == fresh, name


@table("size", [1, 2, 3, 7, 49, 50, 99, 100])
def test_pages_of_any_size_have_the_same_results(size: int) -> None:
    whole = json.loads(SCENARIOS["paged"].bodies[0])
    with talk() as say:
        path = f"GET retrieve-simulation-results/{SCENARIOS['paged'].run_id}"
        pages = [say.send(f"{path}?limit={size}&offset={start}").json() for start in range(0, 250, size)]
        assert [each for page in pages for each in page["simulation_results"]] == whole["simulation_results"]
        assert all(each | {"simulation_results": 0} == whole | {"simulation_results": 0} for each in pages)


@table("change", [str.upper, str.title, str.lower])
def test_the_names_of_headers_can_have_any_case(change: Callable[[str], str], tmp_path: Path) -> None:
    names = ("x-api-key", "content-type", "date")
    entry: Any = json.loads(RECORDING)["log"]["entries"][0]
    entry["response"]["headers"] = [{"name": change(each), "value": each} for each in names]
    (tmp_path / "run.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    [pages] = answers_in(tmp_path / "run.har")[1].values()
    assert [dict(each.headers) for answers in pages.values() for each in answers] == [
        {each: each for each in names}
    ]
    with talk() as say:
        sent = {change("x-api-key"): say.stub.api_key, change("accept"): "a/b"}
        httpx.get(f"{say.stub.url}/v1/get-simulation-runs/731", headers=sent, trust_env=False)
        [received] = say.stub.requests
    assert (received.key_accepted, received.headers["accept"]) == (True, "a/b")


def test_the_order_of_results_changes_only_where_the_rules_find_something() -> None:
    """Results that are out of order break a rule of their own."""

    def found(body: Any) -> list[tuple[str, str, str]]:
        ids = [each["id"] for each in body["simulation_results"]]
        failures = check(Contract.load(), Exchange.saved(json.dumps(body).encode()))
        paths = [(each.rule, each.path, each.received) for each in failures if each.rule != "oldest-first"]
        named = [
            path.replace(f"[{at}]", f" {id_}", 1)
            for at, id_ in enumerate(ids)
            for _, path, _ in paths
            if f"results[{at}]" in path
        ]
        return sorted((rule, "", received) for rule, _, received in paths) + [
            ("", each, "") for each in sorted(named)
        ]

    for name in ("unknown_fields", "zoneless_times", "unknown_status", "settled"):
        body = json.loads(SCENARIOS[name].bodies[-1])
        body["simulation_results"][0]["duration"] = -1
        expected = found(body)
        body["simulation_results"].reverse()
        assert found(body) == expected != []
