"""What the rules report, word for word: `findings.txt` has the failures of a mutant below its id."""

from .findings import ALL_RULES, FILE, chosen, failures, text


def test_the_rules_report_what_findings_txt_says() -> None:
    assert FILE.read_text().splitlines() == text().splitlines(), (
        "Run `make findings`, and read what has changed."
    )


def test_findings_txt_has_a_failure_of_every_rule() -> None:
    lines = FILE.read_text().splitlines()
    assert {line.split()[1] for line in lines if " at " in line} == ALL_RULES


def test_a_failure_is_reproduced_by_the_last_request() -> None:
    for case in chosen():
        last = case.exchanges(source="http://a")[-1].request
        assert {failure.reproduction for failure in failures(case)} == {last.reproduction}
