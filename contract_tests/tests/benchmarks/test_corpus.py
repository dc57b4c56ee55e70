"""`make corpus`: each document is counted once, with its mutants or a reason, and wrong bodies are found."""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from contract_kit.tests.tables import table

from benchmarks.corpus.judging import Judge, of_3_0
from benchmarks.corpus.limited import Ended, run
from benchmarks.corpus.report import failures, markdown
from benchmarks.corpus.results import Result, append, load, reason_of

RESULTS = [
    Result("a.com/one", 1.0, 40.0, {"type": 3, "enum": 1}, judged=4),
    Result("a.com/two", 2.0, 80.0, {"type": 2}, judged=2, wrong=("get:200:type=null",)),
    Result("b.com", 3.0, 60.0, reason="traceback: ValueError"),
    Result("c.com", 0.1, 30.0, reason="has no operation"),
    Result("d.com", 0.1, 30.0, {"type": 1}),
    Result("webhooks/d.com", 0.1, 30.0, {"type": 5}, judged=2),
]


@table(
    "code, errors, reason",
    [
        (2, "contract-kit: /d.json is Swagger 2.0.\n", "is Swagger 2.0."),
        (0, "", "only a form"),
        (1, "Traceback (most recent call last):\n  ...\nValueError: bad\n", "traceback: ValueError"),
        (1, "Traceback (most recent call last):\n  ...\nMemoryError\n", "over 1.5 GB"),
        (-signal.SIGABRT, "memory allocation of 8 bytes failed\n", "over 1.5 GB"),
        (-signal.SIGXCPU, "", "over 120 s"),
        (-signal.SIGSEGV, "", "SIGSEGV"),
    ],
)
def test_the_reason_is_reported_if_a_document_yields_no_mutants(code: int, errors: str, reason: str) -> None:
    assert (
        reason_of(Ended(code, 1.0, 40.0), errors, "/d.json", Counter({"only a form": 2, "JWT": 1})) == reason
    )


@table(
    "row",
    [
        "| all | 5 | 3 (60.0 %) | 7 | 6 | 1 |",
        "| a.com | 2 | 2 (100.0 %) | 6 | 6 | 1 |",
        "| others | 1 | 1 (100.0 %) | 1 | 0 | 0 |",
        "| webhooks | 1 | 1 (100.0 %) | 5 | 2 | 0 |",
        "| all | 1.0 | 3.0 | 3.0 (b.com) | 40.0 | 80.0 | 80.0 (a.com/two) |",
        "3 of the 5 documents that describe an operation give mutants (60.0 %).",
        "| traceback: ValueError | 1 | b.com |",
        "| has no operation | 1 | c.com |",
        "| type | 11 | 4 |",
        "- a.com/two: 1 wrong",
    ],
)
def test_the_corpus_report_counts_documents_and_mutants_and_wrong_bodies(row: str) -> None:
    assert row in markdown(RESULTS, "1.0.0").splitlines()


def test_a_document_counts_as_failed_after_a_traceback_or_a_wrong_body() -> None:
    assert [each.partition(":")[0] for each in failures(RESULTS)] == ["b.com", "a.com/two"]


def test_an_interrupted_corpus_run_keeps_every_completely_written_result(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    for each in RESULTS:
        append(each, file)
    file.write_text(file.read_text()[:-5])
    assert list(load(file)) == RESULTS[:-1]


def test_the_validator_for_openapi_3_0_ignores_keywords_next_to_a_reference() -> None:
    document = {"a": {"$ref": "#/b", "type": "object"}, "b": {"type": "string"}}
    assert [of_3_0(document)("/a", body) for body in ('"text"', "{}")] == [True, False]


@table("program, reason", [("while True: pass", "over 120 s"), ("bytearray(2_000_000_000)", "over 1.5 GB")])
def test_a_command_is_stopped_at_the_time_limit_or_the_memory_limit(
    program: str, reason: str, tmp_path: Path
) -> None:
    errors = tmp_path / "errors"
    ended = run((sys.executable, "-c", program), tmp_path / "output", errors, seconds=1)
    assert reason_of(ended, errors.read_text(), "") == reason


def test_a_body_that_is_not_text_is_not_validated() -> None:
    content: dict[str, Any] = {"application/json": {"schema": {}}}
    paths = {"/a": {"get": {"responses": {"200": {"content": content}}}}}
    line: dict[str, Any] = {"path": "/a", "method": "GET", "status": 200, "group": "legal", "body": None}
    sent = {"headers": {"Content-Type": "application/json"}}
    document = {"openapi": "3.0.3", "paths": paths}
    assert Judge(document, of_3_0(document)).is_wrong(line | sent) is None


def test_a_body_is_not_validated_if_its_schema_is_malformed() -> None:
    document = {"openapi": "3.0.3", "components": {"schemas": {"Thing": {"allOf": {"type": "string"}}}}}
    assert of_3_0(document)("/components/schemas/Thing", "1") is None


@table(
    "body, group, is_wrong",
    [({"id": 1}, "type", True), ({}, "required", False), ({"id": "1"}, "legal", True)],
)
def test_a_body_counts_as_wrong_if_the_kit_and_the_validator_disagree(
    body: object, group: str, is_wrong: bool
) -> None:
    thing = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer", "readOnly": True}},
    }
    content = {"application/*": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    document: dict[str, Any] = {
        "openapi": "3.0.3",
        "paths": {"/things/{id}": {"get": {"responses": {"2XX": {"$ref": "#/components/responses/Thing"}}}}},
        "components": {"schemas": {"Thing": thing}, "responses": {"Thing": {"content": content}}},
    }
    line = {"path": "/things/{id}", "method": "GET", "status": 200, "group": group}
    sent = {"headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
    assert Judge(document, of_3_0(document)).is_wrong(line | sent) is is_wrong


@table(
    "path, body, is_wrong",
    [(path, *row) for path in ("orderPaid", "POST /orders done") for row in (("1", True), ("true", False))],
)
def test_webhook_and_callback_bodies_are_validated(path: str, body: str, is_wrong: bool) -> None:
    item = {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "integer"}}}}}}
    document = {
        "openapi": "3.0.3",
        "paths": {"/orders": {"post": {"callbacks": {"other": {}, "done": {"{$request.body#/url}": item}}}}},
        "webhooks": {"orderPaid": item},
    }
    line = {"path": path, "method": "POST", "status": None, "group": "type", "body": body}
    sent = {"headers": {"Content-Type": "application/json"}}
    assert Judge(document, of_3_0(document)).is_wrong(line | sent) is is_wrong
