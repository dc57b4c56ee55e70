"""The rules as schemathesis checks: `SCHEMATHESIS_HOOKS=bluejay_contract.schemathesis_checks st run ...`.

For `--checks` and `--exclude-checks`, each rule is a check whose name is `bluejay_` plus the rule's name.
Drift is a failure only if BLUEJAY_CONTRACT_STRICT is 1. The valid key is read from BLUEJAY_API_KEY.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import schemathesis
from schemathesis.core import failures as core

from .checks import RULES, Rule
from .contract import Contract
from .exchange import Exchange, Key, Request
from .failure import Failure, Severity
from .operations import RESULTS, Operation, Page

if TYPE_CHECKING:
    from requests import PreparedRequest
    from schemathesis import Case, Response
    from schemathesis.checks import CheckContext

_LISTED = 5
_SEVERITIES = {
    Severity.VIOLATION: core.Severity.HIGH,
    Severity.SUSPICIOUS: core.Severity.MEDIUM,
    Severity.DRIFT: core.Severity.LOW,
}
_CONTRACT = Contract.load()


class BrokenRule(core.Failure):
    """A response breaks a contract rule; `failures` lists each violation."""

    __slots__ = ("failures", "rule")

    def __init__(self, operation: str, rule: Rule, failures: list[Failure]) -> None:
        places = [f"{each.path}: expected {each.expected}, but received {each.received}" for each in failures]
        if len(places) > _LISTED:
            places[_LISTED:] = [f"and {len(places) - _LISTED:,} more"]
        title = f"{rule.severity} {rule.name}: {rule.description}"
        severity = _SEVERITIES[rule.severity]
        super().__init__(operation=operation, title=title, message="\n".join(places), severity=severity)
        self.rule, self.failures = rule, failures

    @property
    def _unique_key(self) -> str:
        return self.rule.name


def _register(rule: Rule) -> None:
    def broken(_: CheckContext, response: Response, case: Case[Any]) -> None:
        if found := list(rule.failures(_CONTRACT, _exchange(response, case))):
            raise BrokenRule(case.operation.label, rule, found)

    broken.__name__ = f"bluejay_{rule.name.replace('-', '_')}"
    broken.__doc__ = rule.description
    schemathesis.check(broken)


def _exchange(response: Response, case: Case[Any]) -> Exchange:
    sent = response.request
    operation = next(each for each in Operation if each.path == case.operation.path)
    request = Request(
        id="".join(map(str, (case.path_parameters or {}).values())),
        key=_key(sent.headers.get("X-API-Key")),
        method=case.method,
        secret=os.environ.get("BLUEJAY_API_KEY", ""),
        source=str(sent.url),
        operation=operation,
        body=_json_in(sent),
        page=Page.asked(urlsplit(str(sent.url)).query) if operation == RESULTS else Page(),
    )
    headers = {name: ", ".join(values) for name, values in response.headers.items()}
    return Exchange(request, response.status_code, headers, response.content)


def _json_in(sent: PreparedRequest) -> bytes:
    is_json = sent.headers.get("Content-Type") == "application/json"
    body = sent.body if is_json else b""
    return body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b""


def _key(sent: str | bytes | None) -> Key:
    right = os.environ.get("BLUEJAY_API_KEY")
    if sent is None:
        return Key.MISSING
    if not right:
        return Key.UNKNOWN
    return Key.VALID if sent in (right, right.encode()) else Key.WRONG


for _rule in RULES:
    if _rule.severity is not Severity.DRIFT or os.environ.get("BLUEJAY_CONTRACT_STRICT") == "1":
        _register(_rule)
