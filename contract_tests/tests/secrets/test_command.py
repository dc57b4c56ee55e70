"""A key that a user passes by mistake appears in no output; nor does the right one in a list of processes."""

from pathlib import Path

import pytest
from bluejay_contract.stub import Stub
from bluejay_results.cli.app import SUMMARIES, load
from contract_kit.tests.tables import table

from ..cli.command import Command, InProcess
from .canary import KEY, SIGNED_URL, leaks
from .echoing import echo, echoing_run

WITH_KEY, WITHOUT_KEY = {"BLUEJAY_API_KEY": KEY}, {"BLUEJAY_API_KEY": ""}
ECHO = echo(echoing_run("48214", is_settled=False))


@pytest.fixture
def url(stub: Stub) -> str:
    """The URL of a stub that echoes the key."""
    stub.reset()
    stub.serve("48214", ECHO)
    return stub.url


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("name", SUMMARIES)
def test_no_argument_is_echoed_if_it_contains_the_key(
    url: str, tmp_path: Path, key_file: Path, name: str
) -> None:
    """The key is known before the arguments are parsed, wherever it comes from."""
    parameters = load(name).params
    options = [each.opts[0] for each in parameters if each.param_type_name == "option"]
    said: list[tuple[str, ...]] = [
        ("48213", each, f"{KEY},x") for each in options if each != "--api-key-file"
    ]
    said += [(f"{KEY},x",), (f"{KEY}\nx", "y"), ("48213", f"--{KEY}"), ("48213", f"https://x.io/?k={KEY}")]
    said += [(KEY,), ("48213", KEY), ("48213", "--api-key-file", KEY)]
    sources: list[tuple[tuple[str, ...], dict[str, str]]] = [
        (("--api-key-file", str(key_file)), WITHOUT_KEY),
        ((f"--api-key-file={key_file}",), WITHOUT_KEY),
        ((), WITHOUT_KEY | {"BLUEJAY_API_KEY_FILE": str(key_file)}),
        ((), WITH_KEY),
    ]
    for line in said:
        for words, settings in sources:
            ended = InProcess(url)(name, *line, *words, cwd=tmp_path, environment=settings)
            assert leaks(ended.out) + leaks(ended.err) == [], line


@table("source", ["environment", "file"])
def test_the_key_never_appears_in_the_process_list(url: str, key_file: Path, source: str) -> None:
    options: list[str | Path] = ["--api-key-file", key_file] if source == "file" else []
    environment = WITHOUT_KEY if options else WITH_KEY
    with Command(url).start("wait", "48216", *options, environment=environment) as process:
        assert process.stderr
        assert process.stderr.readline().startswith(b"Run ")
        shown = [Path(f"/proc/{process.pid}/{name}").read_bytes() for name in ("cmdline", "comm")]
        process.terminate()
        process.communicate()
    assert b"wait" in shown[0]
    assert [each for each in shown if leaks(each)] == []


def test_a_saved_bodys_key_and_signed_urls_are_not_shown(url: str, tmp_path: Path) -> None:
    """Nobody masked this body when it was received."""
    (tmp_path / "run.json").write_bytes(ECHO.body)
    ended = InProcess(url)("show", "run.json", "--all", cwd=tmp_path, environment=WITH_KEY)
    assert "<redacted>" in ended.out.decode()
    assert leaks(ended.out) + leaks(ended.err) == []
    assert SIGNED_URL.encode() in ECHO.body
