"""A report as JSON, for programs."""

from __future__ import annotations

import json

import attrs

from bluejay_contract.failure import Severity

from .report import Report


def to_json(report: Report) -> str:
    """Return a report as one JSON document in ASCII, with every failure."""
    document = {
        "source": report.source,
        "contract": report.contract,
        "passed": report.passed and not report.refusal,
        "refusal": report.refusal or None,
        "under_way": report.under_way,
        "paging": report.paging,
        "strict": report.strict,
        "counts": {severity: report.count(severity) for severity in Severity},
        "rules": [rule.name for rule in report.rules],
        "inapplicable": [rule.name for rule in report.inapplicable],
        "answers": [attrs.asdict(answer) for answer in report.answers],
        "failures": [attrs.asdict(failure) for failure in report.failures],
    }
    return json.dumps(document, indent=1) + "\n"
