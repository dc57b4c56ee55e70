"""Recorded exchanges: their JSON lines, their operations and responses, and the option of pytest."""

from pathlib import Path

import pytest
from contract_kit.errors import KitError
from contract_kit.exchanges import Exchange, Paths, label_for, read_exchanges

from .command import run_pytest

JSON = {"Content-Type": "application/json"}
SUITE = """\
import httpx, pytest

def answer(request):
    return httpx.Response(200, json={"id": 7})

@pytest.mark.parametrize("number", range(4))
def test_client(contract_recorder, number):
    hooks = {"response": [contract_recorder.httpx]}
    with httpx.Client(transport=httpx.MockTransport(answer), event_hooks=hooks) as client:
        client.get(f"https://api.example.com/orders/{number}?api_key=sesame", headers={"X-Key": "sesame"})
"""


@pytest.mark.parametrize("body", [b'{"name": "Zo\xc3\xab"}', b"\xff\x00", b"", "\u2028".encode()])
def test_a_written_exchange_is_read_back_unchanged(tmp_path: Path, body: bytes) -> None:
    exchange = Exchange("GET", "/orders/7", 200, JSON, body)
    file = tmp_path / "session.jsonl"
    file.write_text(exchange.to_json() + "\n\n" + exchange.to_json() + "\n")
    assert list(read_exchanges([file])) == [exchange, exchange]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("7", "not an object"),
        ('{"method": "GET", "url": "/", "headers": {}}', "its status"),
        ('{"method": "GET", "url": "/", "status": 200, "headers": {}, "body": 7}', "not a string"),
        ('{"method": "GET", "url": "/", "status": 200, "headers": {}, "body_base64": "!"}', "base64"),
    ],
)
def test_the_error_about_an_invalid_line_names_its_file_and_number(
    tmp_path: Path, line: str, reason: str
) -> None:
    file = tmp_path / "session.jsonl"
    file.write_text(Exchange("GET", "/", 200, JSON, b"").to_json() + f"\n{line}\n")
    with pytest.raises(
        KitError, match=rf"session\.jsonl, line 2: this isn't a recorded exchange: .*{reason}"
    ):
        list(read_exchanges([file]))


@pytest.mark.parametrize(
    ("url", "template"),
    [
        ("/orders/7", "/orders/{id}"),
        ("/orders/latest", "/orders/latest"),
        ("https://api.example.com/orders/7?expand=lines#top", "/orders/{id}"),
        ("/orders/latest#top", "/orders/latest"),
        ("/api/v2/orders/7", "/orders/{id}"),
        ("/mutant/0123456789abcdef/orders/7", "/orders/{id}"),
        ("/users/7/orders/8", "/users/{user}/orders/{id}"),
        ("/v1/users/7/orders/8", "/users/{user}/orders/{id}"),
        ("/orders/a%2Fb", "/orders/{id}"),
        ("/my%2Forders/7", None),
        ("/orders/7/lines", None),
        ("/reorders/7", None),
    ],
)
def test_a_url_belongs_to_the_path_template_that_matches_its_end(url: str, template: str | None) -> None:
    templates = ["/orders/{id}", "/orders/latest", "/users/{user}/orders/{id}"]
    found = Paths([("GET", each) for each in templates]).find("GET", url)
    assert found == (template and ("GET", template))


def test_the_key_of_a_mutant_in_a_url_is_never_taken_for_a_parameter() -> None:
    found = Paths([("GET", "/orders"), ("GET", "/{shop}/{year}/orders")])
    assert found.find("GET", "/mutant/0123456789abcdef/orders") == ("GET", "/orders")


def test_a_path_matches_only_with_the_method_of_its_operation() -> None:
    assert Paths([("GET", "/orders")]).find("POST", "/orders") is None


@pytest.mark.parametrize(
    ("labels", "label"),
    [
        (["404", "4XX", "default"], "404"),
        (["4xx", "default"], "4xx"),
        (["200", "default"], "default"),
        (["200"], None),
    ],
)
def test_a_status_belongs_to_the_most_specific_response(labels: list[str], label: str | None) -> None:
    assert label_for(404, labels) == label


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_test_session_records_responses_and_no_key(tmp_path: Path, workers: str) -> None:
    ended = run_pytest(tmp_path, SUITE, "-p", "xdist", "-n", workers, "--contract-record", "session.jsonl")
    assert ended.returncode == 0, ended.stdout
    recorded = list(read_exchanges([tmp_path / "session.jsonl"]))
    assert sorted(each.url for each in recorded) == [f"/orders/{number}" for number in range(4)]
    assert {each.body for each in recorded} == {b'{"id":7}'}
    assert "sesame" not in (tmp_path / "session.jsonl").read_text()
    assert list(tmp_path.glob("*.part")) == []


KILLED = (
    SUITE
    + """\

def test_dies():
    import os
    os._exit(9)
"""
)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_recording_of_a_killed_session_is_kept_until_the_next_session(
    tmp_path: Path, workers: str
) -> None:
    options = ("-p", "xdist", "-n", workers, "--contract-record", "session.jsonl")
    run_pytest(tmp_path, KILLED, *options, "--max-worker-restart=0")
    files = [tmp_path / "session.jsonl", *tmp_path.glob("*.part")]
    assert len(list(read_exchanges(files))) == 4
    (tmp_path / "session.jsonl.gw7.part").write_bytes(
        files[0].read_bytes()
    )  # left by a worker that was killed
    run_pytest(tmp_path, SUITE, *options)
    assert len(list(read_exchanges([tmp_path / "session.jsonl"]))) == 4


@pytest.mark.parametrize("path", ["no/where.jsonl", "."])
def test_a_recording_that_cannot_be_written_prints_one_line(tmp_path: Path, path: str) -> None:
    ended = run_pytest(tmp_path, SUITE, "--contract-record", path)
    assert ended.returncode == 4
    assert ended.stderr.strip().count("\n") == 0
    assert "Record to another file." in ended.stderr


def test_a_test_session_without_the_option_records_nothing(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, SUITE).returncode == 0
    assert list(tmp_path.glob("*.jsonl*")) == []
