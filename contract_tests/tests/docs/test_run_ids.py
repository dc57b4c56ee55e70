"""Each run mentioned on a page exists in the stub, so that readers can try the page's commands."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub, run
from contract_kit.tests.tables import table

ROOT = Path(__file__).parents[3]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "action.yml")),
    *sorted(path for folder in ("docs", "examples") for path in (ROOT / folder).rglob("*.md")),
    *sorted((ROOT / "templates").rglob("*.yml")),
    ROOT / "contract_tests" / "contract_kit" / "README.md",
]
OWN_RUNS = re.compile(r"^```python\n(?:(?!^```).)*\bStub\(.*?^```", re.MULTILINE | re.DOTALL)
"""Matches a snippet that serves its own runs."""
RUN_ID = re.compile(r"(?<![\w./:#-])(?!(\d)\1{4})\d{5}(?![\w/-]|[.:]\w)")
"""Matches five digits that aren't part of a longer word, path, URL or time; not 99999, which no run has."""


def named(text: str) -> set[str]:
    """The run ids on a page, except in snippets that serve their own runs."""
    return {each[0] for each in RUN_ID.finditer(OWN_RUNS.sub("", text))}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """A client for a stub that has queued a run, and that also serves a built run with a new id."""
    with Stub() as stub:
        stub.serve("48300", Answer.json(run(passed=1)))
        headers = {"X-API-Key": stub.api_key}
        with httpx.Client(base_url=f"{stub.url}/v1/", headers=headers, trust_env=False) as client:
            client.post("queue-simulation-run", json={"simulation_id": "731"}).raise_for_status()
            yield client


@table("page", PAGES)
def test_every_run_that_a_page_mentions_exists_in_the_stub(page: Path, client: httpx.Client) -> None:
    answers = {each: client.get(f"retrieve-simulation-results/{each}") for each in named(page.read_text())}
    assert {each for each, answer in answers.items() if not answer.is_success} == set()


@table(
    "text, expected",
    [
        ("gate 48213 && compare 48100 48213", {"48213", "48100"}),
        ('client.retrieve("48213"), or run 48214.', {"48213", "48214"}),
        ("runs/part-00001.parquet https://example.com/runs/48401 482130002 99999", set()),
        ("```python\nread(48213)\n```\n```python\nwith Stub() as stub:\n    50002\n```\n", {"48213"}),
    ],
)
def test_run_ids_are_distinguished_from_other_numbers(text: str, expected: set[str]) -> None:
    assert named(text) == expected
