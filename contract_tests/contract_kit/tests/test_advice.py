"""Advice on an inconclusive client is based on its requests: retries, pages, arguments."""

import pytest
from attrs import evolve

from contract_kit.derive.exchange import Request
from contract_kit.judge.advice import advice
from contract_kit.judge.client_run import run_client

from .fakes import GET_ORDER, FakeCatalogue, Write, mutant

SEARCH = evolve(GET_ORDER, request=Request("GET", "/orders/a%20b?page=1", {}, None, {}))
CASES = {
    "one request": (["/orders/7"], []),
    "a parameter that needs no escape": (["/orders/7?page=1"], []),
    "retries": (["/orders/7"] * 3, [["/orders/7 3 times", "retries"]]),
    "pages": (["/orders/7", "/orders/7?page=2", "/orders/7?page=3"], [["?page=2 after /orders/7.", "pages"]]),
    "an ignored argument": (["/orders/1"], [["/orders/1 instead of /orders/7", "arguments"]]),
    "pages with retries": (
        ["/orders/7", "/orders/7?page=2", "/orders/7?page=2"],
        [["?page=2 2 times", "retries"], ["?page=2", "pages"]],
    ),
}


@pytest.mark.parametrize(("requests", "expected"), CASES.values(), ids=CASES)
def test_each_problem_with_the_requests_gets_a_line_of_advice(
    requests: list[str], expected: list[list[str]]
) -> None:
    found = list(advice(GET_ORDER, requests))
    assert len(found) == len(expected)
    for line, data in zip(found, expected, strict=True):
        assert [each for each in data if each not in line] == []


def test_no_advice_is_given_if_the_decoded_path_matches() -> None:
    assert list(advice(SEARCH, ["/orders/a b?page=1"])) == []


ALL_PAGES = """\
page = 1
while True:
    page += 1
    urllib.request.urlopen(f"{url}/orders/7?after={page}").read()
"""


def test_a_client_that_follows_pages_forever_gets_advice_only_about_pages(client: Write) -> None:
    [row] = run_client(FakeCatalogue((mutant("1"),)), client(ALL_PAGES), timeout=2).controls
    [line] = row.advice
    assert "/orders/7?after=3 after /orders/7?after=2" in line
