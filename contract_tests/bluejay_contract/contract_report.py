"""CONTRACT.md: the contract, the results of its tests, the rules, and the gaps."""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.read.graph import Node

from .checks import RULES, SEQUENCE_RULES
from .contract import Contract
from .matrix import Matrix

BANNER = "<!-- Written by `make mutants` from openapi.yaml and the results of the run. Do not edit. -->"
NOT_COVERED = (
    "The responses of the real service: these tests cover the contract, the client and the stub. "
    "`make contract-live` checks the service itself.",
    "The statuses that the service is known to send without documenting them (401, 403, 404, 429, 5xx): "
    "the client raises an error for each, but the contract has no schema for their bodies.",
    "Whether a judge's score is right. The rules only find values that contradict each other.",
    "The unit of latencies and the scale of scores, which the reference does not define.",
    "The year 0000 and numbers that no double can represent: the schema allows both, but the client refuses "
    "them and says that this is its own limit.",
)


def contract_markdown(contract: Contract, matrix: Matrix) -> str:
    """Return CONTRACT.md."""
    lines = [BANNER, "", "# The contract and how it is tested", ""]
    lines += ["## Contract", *_operations(contract)]
    lines += ["", "## Test results", "", *_proofs(matrix), "", matrix.to_markdown()]
    lines += ["", "## Rules", "", "| rule | severity | description |", "|---|---|---|"]
    lines += [f"| {rule.name} | {rule.severity} | {rule.description} |" for rule in RULES]
    lines += [f"| {rule.name} | {rule.severity} | {rule.description} |" for rule in SEQUENCE_RULES]
    lines += ["", "## Not covered", "", *(f"- {each}" for each in NOT_COVERED), ""]
    return "\n".join(lines)


def _operations(contract: Contract) -> Iterator[str]:
    fields = _Fields(contract)
    for operation in contract.operations.values():
        yield from ("", f"### `{operation.method} {operation.path}`", "", operation.description, "")
        for parameter in operation.parameters:
            need = "required" if parameter.get("required") else "optional"
            yield f"- {parameter['in']} `{parameter['name']}`, {need}: {parameter['description']}"
        if operation.request_schema:
            yield from ("", "The body of the request:", "")
            yield from fields.table(operation.request_schema, f"a request to `{operation.id}`")
        for status in operation.statuses:
            yield from ("", f"{status}: {operation.meaning(status)}", "")
            yield from fields.table(operation.schema(status), f"a {status} response of `{operation.id}`")


class _Fields:
    """Tables of the fields of schemas. The fields of a schema are listed only once."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._told: dict[int, str] = {}

    def table(self, schema: Node, of: str) -> Iterator[str]:
        yield from ("| field | type | required | meaning |", "|---|---|---|---|")
        yield from self._rows(schema, "$", of)

    def _rows(self, schema: Node, path: str, of: str) -> Iterator[str]:
        for alternative in self._contract.alternatives(schema):
            place = f"`{path}` in {of}"
            told = self._told.setdefault(id(alternative), place)
            if "properties" in alternative and told != place:
                yield f"| `{path}.*` | | | the same fields as {told} |"
                continue
            for key, field in alternative.get("properties", {}).items():
                need = "yes" if key in alternative.get("required", []) else ""
                meaning = self._meaning(field)
                yield f"| `{path}.{key}` | {_type(self._contract, field)} | {need} | {meaning} |"
                yield from self._rows(field, f"{path}.{key}", of)
            if alternative.get("items"):
                yield from self._rows(alternative["items"], f"{path}[]", of)

    def _meaning(self, field: Node) -> str:
        described = self._contract.schemas.graph.described
        target = self._contract.resolved(field)
        return str(described(field).get("description") or described(target).get("description", ""))


def _type(contract: Contract, schema: Node) -> str:
    names: list[str] = []
    for alternative in contract.alternatives(schema):
        named = alternative.get("type", "anything")
        names += [named] if isinstance(named, str) else named
        if "enum" in alternative:
            names[-1] = " / ".join(alternative["enum"])
        elif "format" in alternative:
            names[names.index("string")] = alternative["format"]
    return " or ".join(sorted(names, key="null".__eq__))


def _proofs(matrix: Matrix) -> Iterator[str]:
    faults = matrix.faults
    found, alone = (sum(getattr(row, judge) for row in faults) for judge in ("checks", "schemathesis"))
    met = [row for row in matrix.rows if row.client is not None]
    served = len(matrix.rows)
    legal = served - len(faults)
    yield f"- {served} responses were served over HTTP: {len(faults)} with one fault each, and {legal} legal."
    yield f"- Our checks found {found} of the {len(faults)} faults, each by the right rule at the right path."
    yield f"- schemathesis' built-in checks alone found {alone} faults."
    yield f"- The client handled {sum(bool(row.client) for row in met)} of {len(met)} responses as required."
