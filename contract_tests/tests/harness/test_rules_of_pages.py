"""The rules about pages: which page a request asks for, and which responses are compared."""

import json
from typing import Any

import pytest
from bluejay_contract.checks import check_sequence, pairs
from bluejay_contract.exchange import Exchange
from bluejay_contract.live import failures
from bluejay_contract.page import Page
from bluejay_contract.recorded import exchanges_in

from .. import builders
from .exchanges import CONTRACT, answered, broken_by

URL = "https://api.example.com/v1/retrieve-simulation-results/48213"


def _page(offset: int, *ids: int, limit: int = 2, **run: Any) -> Exchange:
    """A page of a run of four conversations."""
    document = builders.response(*map(builders.result, ids), **{"total_tests": 4, **run})
    return answered(document, page=Page(limit, offset))


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", Page(100, 0)),
        ("limit=1", Page(1, 0)),
        ("offset=100&limit=100", Page(100, 100)),
        ("limit=5&limit=7", Page(7, 0)),
        ("limit=5.0&other=x", Page(5, 0)),
        ("limit=0", None),
        ("limit=101", None),
        ("limit=", None),
        ("limit=all", None),
        ("offset=-1", None),
    ],
)
def test_a_query_asks_for_a_page_unless_the_contract_forbids_it(query: str, page: Page | None) -> None:
    assert Page.asked(query) == page


def test_a_422_to_a_forbidden_query_breaks_no_rule() -> None:
    refusal = {"detail": [{"loc": ["query", "limit"], "msg": "No", "type": "less_than_equal"}]}
    assert broken_by(answered(refusal, 422, page=None)) == []
    assert broken_by(answered(refusal, 422)) == ["positive-data-acceptance at status"]


@pytest.mark.parametrize(("count", "broken"), [(1, []), (2, []), (3, ["page-size at $.simulation_results"])])
def test_a_page_has_at_most_limit_results(count: int, broken: list[str]) -> None:
    assert broken_by(_page(0, *range(1, count + 1), total_tests=None)) == broken


def test_a_saved_body_may_have_any_number_of_results() -> None:
    document = builders.response(*map(builders.result, range(1, 251)), total_tests=250)
    assert "page-size at $.simulation_results" in broken_by(answered(document))
    assert broken_by(Exchange.saved(builders.encoded(document))) == []


@pytest.mark.parametrize(
    ("page", "broken"),
    [
        (_page(0, 1, 2), []),
        (_page(2, 3), []),
        (_page(4), []),
        (_page(0, 1, 2, total_tests=2), []),
        (_page(0, 1, 2, total_tests=2, tests_passed=0), ["counters-match-results"]),
        (_page(0, 1), ["results-match-total at $.simulation_results"]),
        (_page(0), ["completed-run-has-results at $.simulation_results"]),
        (_page(0, 1, 2, total_tests=1), ["results-match-total", "counters-match-results"]),
    ],
)
def test_counters_are_compared_with_the_results_only_if_no_other_page_has_any(
    page: Exchange, broken: list[str]
) -> None:
    assert [each.split(" at ")[0] for each in broken_by(page)] == [each.split(" at ")[0] for each in broken]


def test_no_result_is_on_two_pages_of_one_read_if_the_run_has_ended() -> None:
    assert broken_by(_page(0, 1, 2), _page(2, 3, 4)) == []
    assert broken_by(_page(0, 1, 2), _page(2, 2, 3)) == ["results-on-one-page at $.simulation_results[0].id"]
    assert broken_by(_page(0, 1, 2, status="RUNNING"), _page(2, 2, 3)) == []


def test_two_reads_of_one_page_have_the_same_results() -> None:
    assert broken_by(_page(0, 1, 2), _page(0, 1, 2)) == []
    assert broken_by(_page(0, 1, limit=1), _page(0, 2, 3)) == ["results-not-removed at $.simulation_results"]
    assert broken_by(_page(0, 1, 2), _page(0, 1, limit=1)) == []


@pytest.mark.parametrize("name", ["simulation_id", "created_at"])
def test_all_pages_of_a_read_are_about_one_run(name: str) -> None:
    another: dict[str, Any] = {name: {"simulation_id": "1", "created_at": "2026-01-01T00:00:00Z"}[name]}
    of_pages = broken_by(_page(0, 1, 2), _page(2, 3, 4, **another))
    of_reads = broken_by(_page(0, 1, 2), _page(0, 1, 2, **another))
    assert of_pages == [f"pages-of-one-run at $.simulation_run.{name}"]
    assert of_reads == [f"run-identity-unchanged at $.simulation_run.{name}"]


def test_counters_and_statuses_may_move_forward_between_two_pages() -> None:
    assert broken_by(_page(0, 1, 2, status="RUNNING", total_tests=2), _page(2, 3, 4)) == []


def test_a_response_is_compared_with_the_pages_of_its_read_and_with_the_last_read_of_its_page() -> None:
    reads = [_page(offset) for offset in (0, 2, 4, 0, 2, 4)]
    numbers = {id(each): index for index, each in enumerate(reads)}
    compared = [(numbers[id(one)], numbers[id(other)]) for one, other in pairs(reads)]
    assert compared == [
        *[(0, 1), (0, 2), (1, 2)],
        *[(0, 3), (2, 3)],
        *[(1, 4), (3, 4), (2, 5), (3, 5), (4, 5)],
    ]
    assert [each for pair in pairs(reads) for each in check_sequence(*pair)] == []


@pytest.mark.parametrize(
    ("starts", "broken"),
    [
        (["2026-11-19T16:05:00Z", None, "2026-11-19T16:05:00Z"], []),
        (["2026-11-19T16:05:00Z", "2026-11-19T17:05:00+01:00"], []),
        (["2026-11-19T16:05:01Z", None, "2026-11-19T16:05:00Z"], ["oldest-first"]),
        (["2026-11-19T16:05:03Z", "2026-11-19T16:05:01Z", "2026-11-19T16:05:02Z"], ["oldest-first"] * 2),
    ],
)
def test_results_with_a_start_time_are_listed_oldest_first(
    starts: list[str | None], broken: list[str]
) -> None:
    results = [builders.result(index, start_time=each) for index, each in enumerate(starts, 1)]
    exchange = Exchange.saved(builders.encoded(builders.response(*results)))
    assert [each.split(" at ")[0] for each in broken_by(exchange)] == broken


def test_the_query_in_a_har_file_says_which_page_a_response_is() -> None:
    pages = [("limit=2", [1, 2, 3]), ("limit=2&offset=2", [3, 4])]
    entries = [
        _entry(f"{URL}?{query}", builders.response(*map(builders.result, ids))) for query, ids in pages
    ]
    exchanges = exchanges_in(CONTRACT, json.dumps({"log": {"entries": entries}}).encode(), "run.har")
    found = [(each.rule, each.path) for each in failures(CONTRACT, exchanges)]
    assert [each.request.page for each in exchanges] == [Page(2, 0), Page(2, 2)]
    assert found == [
        ("page-size", "$.simulation_results"),
        ("results-on-one-page", "$.simulation_results[0].id"),
    ]


def _entry(url: str, document: Any) -> dict[str, Any]:
    content = {"mimeType": "application/json", "text": json.dumps(document)}
    headers = [{"name": "content-type", "value": "application/json"}]
    return {
        "request": {"method": "GET", "url": url},
        "response": {"status": 200, "headers": headers, "content": content},
    }
