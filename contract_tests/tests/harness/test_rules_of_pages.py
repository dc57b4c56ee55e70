"""The page rules: which page a request is for, and which responses are compared."""

import pytest
from bluejay_contract.checks import check_sequence, pairs
from bluejay_contract.exchange import Exchange
from bluejay_contract.operations import Page

from .. import builders
from .findings import answered, broken_by


def _page(offset: int, *ids: int, limit: int = 2, **run: object) -> Exchange:
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
        ("limit=%EF%BC%95", None),  # a full-width 5
        ("offset=-1", None),
    ],
)
def test_forbidden_query_parameters_select_no_page(query: str, page: Page | None) -> None:
    assert Page.asked(query) == page


def test_a_422_breaks_no_rule_if_the_contract_forbids_the_query() -> None:
    refusal = {"detail": [{"loc": ["query", "limit"], "msg": "No", "type": "less_than_equal"}]}
    assert broken_by(answered(refusal, 422, page=None)) == []


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
        (_page(0, 1, 2, total_tests=None), []),
        (_page(0, 1), ["results-match-total"]),
        (_page(0), ["completed-run-has-results"]),
        (_page(0, 1, 2, total_tests=1), ["results-match-total", "counters-match-results"]),
    ],
)
def test_counters_are_not_compared_with_a_page_that_lacks_some_results(
    page: Exchange, broken: list[str]
) -> None:
    assert [each.partition(" at ")[0] for each in broken_by(page)] == broken


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [
        (_page(0, 1, 2), _page(2, 3, 4), []),
        (_page(0, 1, 2), _page(2, 2, 3), ["results-on-one-page at $.simulation_results[0].id"]),
        (_page(0, 1, 2, status="RUNNING"), _page(2, 2, 3), []),
        (_page(0, 1, 2, status="RUNNING", total_tests=2), _page(2, 3, 4), []),
        (_page(0, 1, 2), _page(0, 1, 2), []),
        (_page(0, 1, limit=1), _page(0, 2, 3), ["results-not-removed at $.simulation_results"]),
        (_page(0, 1, 2), _page(0, 1, limit=1), []),
    ],
    ids=["pages", "twice", "under way", "moved forward", "one page", "a larger page", "a smaller page"],
)
def test_a_result_must_not_be_on_two_pages_of_a_run(
    before: Exchange, after: Exchange, broken: list[str]
) -> None:
    assert broken_by(before, after) == broken


def test_a_page_is_compared_with_an_earlier_read_of_the_same_page() -> None:
    reads = [_page(offset) for offset in (0, 2, 4, 0, 2, 4)]
    numbers = {id(each): index for index, each in enumerate(reads)}
    compared = [(numbers[id(one)], numbers[id(other)]) for one, other in pairs(reads)]
    assert compared == [
        *[(0, 1), (0, 2), (1, 2)],
        *[(0, 3), (2, 3)],
        *[(1, 4), (3, 4), (2, 5), (3, 5), (4, 5)],
    ]
    assert [each for pair in pairs(reads) for each in check_sequence(*pair)] == []
