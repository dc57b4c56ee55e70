"""A trial: a mutant, the request that it answers, and the rule that must find it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import frozen
from contract_kit.derive.model import Expect, Mutant, Response

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.operations import RESULTS, traits
from bluejay_contract.page import Page
from bluejay_contract.stub import Answer


@frozen
class Trial:
    """A mutant with the request that it answers, for the judges.

    Attributes:
        mutant: The mutant. `expect` is what our client must do, `group` is the group in reports, and `reason`
            says why the client accepts what the schema forbids, or refuses what the schema allows.
        rule: The rule that must find the mutant; empty if the contract allows the mutant.
        path: The path at which the rule must find the mutant; empty if the contract allows the mutant.
        key: Whether the request carries no key, a wrong key or the right key.
        method: The request's method; empty for the operation's method.
        earlier: The response to the request before this one; None if the trial has only one request.
        query: The query of the request.
        earlier_query: The query of the request before this one.
        limit: Why the client may say that it can't represent the body; empty if the client can represent it.
    """

    mutant: Mutant
    rule: str = ""
    path: str = ""
    key: Key = Key.VALID
    method: str = ""
    earlier: Response | None = None
    query: str = ""
    earlier_query: str = ""
    limit: str = ""

    @property
    def id(self) -> str:
        """The id, which is stable: the same fault at the same path always has the same id."""
        return self.mutant.id.removeprefix(f"{RESULTS}:")

    @property
    def operation(self) -> str:
        """The id of the operation that is requested."""
        return self.mutant.operation.id

    @property
    def status(self) -> int:
        """The status of the last response."""
        return self.mutant.response.status

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The stub's responses, one per request."""
        return tuple(
            Answer(
                each.body,
                each.status,
                {name.lower(): value for name, value in each.headers.items()},
                authenticated=self.key is Key.VALID,
                method=self.method or None,
            )
            for each in (self.earlier, self.mutant.response)
            if each
        )

    def requests(self, contract: Contract, secret: str = "", source: str = "-") -> tuple[Request, ...]:
        """Return the request before each answer.

        Args:
            contract: The contract.
            secret: The API key.
            source: The URL, without the query.
        """
        queries = (self.earlier_query, self.query) if self.earlier else (self.query,)
        return tuple(self._request(contract, secret, source, each) for each in queries)

    def exchanges(self, contract: Contract, secret: str, source: str = "-") -> list[Exchange]:
        """Return the exchanges of a service that answers with this mutant."""
        requests = self.requests(contract, secret, source)
        return [
            Exchange(request, each.status, each.headers, each.body)
            for request, each in zip(requests, self.answers, strict=True)
        ]

    def _request(self, contract: Contract, secret: str, source: str, query: str) -> Request:
        operation = contract.operations[self.operation]
        return Request(
            traits(self.operation).requested,
            self.key,
            self.method or operation.method,
            secret,
            f"{source}?{query}" if query else source,
            operation=self.operation,
            body=operation.request_body,
            page=Page.asked(query),
        )


def trial(
    operation: Operation,
    id_: str,
    breaks: str,
    body: bytes,
    *,
    group: str,
    rule: str,
    path: str,
    status: int = 200,
    headers: Mapping[str, str] = JSON_HEADERS,
    expect: Expect = Expect.ACCEPT,
    reason: str = "",
    **others: Any,
) -> Trial:
    """Return the trial of a mutant that the contract kit doesn't derive.

    Args:
        operation: The operation that the mutant answers.
        id_: The mutant's id, without the operation.
        breaks: What is wrong with the response.
        body: The body of the response.
        group: The mutant's group in reports.
        rule: The rule that must find the mutant.
        path: The path at which the rule must find the mutant.
        status: The status of the response.
        headers: The headers of the response.
        expect: What our client must do with a 200.
        reason: Why the client must do this, if the schema says otherwise.
        **others: Further attributes of the trial.
    """
    mutant = Mutant(
        id=f"{operation.id}:{id_}",
        operation=operation.in_kit,
        response=Response(status, headers, body),
        expect=expect,
        group=group,
        name=id_.rpartition(":")[2],
        location="",
        schema_location="",
        exactness=None,
        breaks=breaks,
        reason=reason,
    )
    return Trial(mutant, rule, path, **others)


def encoded(document: Any) -> bytes:
    """Return a document as the bytes of a body."""
    return json.dumps(document, ensure_ascii=False).encode()
