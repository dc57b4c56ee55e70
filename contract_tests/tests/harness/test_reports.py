"""No text can break the formats of reports, of which `golden/harness` keeps every output."""

import json
from xml.etree.ElementTree import fromstring

from bluejay_contract.checks import RULES
from bluejay_contract.failure import Failure, Severity
from bluejay_contract.formats import to_json, to_junit, to_text
from bluejay_contract.report import Report
from hypothesis import given
from hypothesis import strategies as st

SCHEMA = "response-schema-conformance"
ANY_TEXT = st.text(st.characters(exclude_categories=[]))


@given(text=ANY_TEXT)
def test_every_report_is_well_formed_whatever_was_received(text: str) -> None:
    """The text can contain control characters and lone surrogates, which XML can't represent."""
    failure = Failure(SCHEMA, Severity.VIOLATION, text, "this", text, text)
    whole = Report(text, text, RULES, (failure,))
    cases = fromstring(to_junit(whole)).iter("testcase")  # noqa: S314 - ours
    assert [each.get("name") for each in cases if each.find("failure") is not None] == [SCHEMA]
    assert json.loads(to_json(whole))["failures"][0]["received"] == text
    assert to_json(whole).isascii()
    shown = to_text(whole, None).replace("\n", "")
    assert [
        each for each in shown if ord(each) < 32 or 127 <= ord(each) < 160 or each in "\u2028\u202e"
    ] == []
