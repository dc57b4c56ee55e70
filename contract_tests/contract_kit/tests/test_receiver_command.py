"""`contract-kit test --receiver`: options and messages."""

import json
import re
from email.message import Message
from pathlib import Path

import pytest

from .command import Run
from .documents import of_schema
from .receivers import DOCUMENT, receiving


@pytest.fixture
def document(folder: Path) -> str:
    (folder / "hooks.json").write_text(json.dumps(DOCUMENT))
    return "hooks.json"


NOBODY = "http://127.0.0.1:9/hooks"
SIGNED = ("--sign", "github", "--secret", "HOOK_SECRET")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--receiver", NOBODY), 3),
        (("--receiver", "hooks"), 2),
        (("--receiver", "ftp://127.0.0.1/"), 2),
        (("--receiver", "http://127.0.0.1:x/"), 2),
        (("--receiver", "http://example.invalid/hooks"), 2),
        (("--receiver", f"pay={NOBODY}"), 2),
        (("--receiver", NOBODY, "--receiver", NOBODY), 2),
        (("--receiver", NOBODY, "--operation", "pay"), 2),
        (("--receiver", NOBODY, "--client", "client:call"), 2),
        (("--receiver", NOBODY, "--sign", "github"), 2),
        (("--receiver", NOBODY, "--secret", "HOOK_SECRET"), 2),
        (("--receiver", NOBODY, "--sign", "git", "--secret", "HOOK_SECRET"), 2),
        (("--receiver", NOBODY, "--sign", "standard-webhooks", "--secret", "HOOK_SECRET"), 2),
        (("--receiver", NOBODY, "--sign", "missing_module:sign", "--secret", "HOOK_SECRET"), 2),
        (("--receiver", NOBODY, "--sign", "github", "--secret", "NOT_SET"), 2),
        (("--client", "client:call", *SIGNED), 2),
        (("--client", "client:call", "--allow-remote"), 2),
    ],
)
def test_bad_receiver_options_print_one_line_and_set_the_exit_code(
    kit: Run, document: str, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], code: int
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3cret!")
    ended = kit("test", document, *options)
    assert (ended.code, ended.err.count("\n")) == (code, 1)


def test_a_receiver_cannot_be_tested_with_a_document_without_webhooks(kit: Run) -> None:
    ended = kit("test", "orders.yaml", "--receiver", NOBODY)
    assert (ended.code, ended.err.count("\n")) == (2, 1)


OUTPUTS = ("--html", "r.html", "--junit", "r.xml", "--markdown", "r.md", "--write-baseline", "known.json")


@pytest.mark.parametrize(
    "scheme", ["github", "stripe", "slack", "hmac-sha256:X-Signature", "raising_signer:sign"]
)
@pytest.mark.parametrize("status", [204, 401, 500])
def test_no_output_contains_the_signing_secret(
    kit: Run, document: str, monkeypatch: pytest.MonkeyPatch, status: int, scheme: str
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3cret!")
    Path("raising_signer.py").write_text("sign = lambda id, time, body, secret: int(secret)")
    with receiving(lambda *_: status) as url:
        signed = ("--sign", scheme, "--secret", "HOOK_SECRET")
        ended = kit("test", document, "--receiver", url, *signed, *OUTPUTS, "--json", "-", "--debug")
    written = [each.read_text() for each in Path().iterdir() if each.suffix != ".py" and each.is_file()]
    assert "s3cret!" not in "".join([ended.out, ended.err, *written])


def test_a_function_that_cannot_sign_ends_the_run_with_one_line(
    kit: Run, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3cret!")
    Path("bad_signer.py").write_text("sign = lambda id, time, body, secret: None")
    with receiving(lambda *_: 204) as url:
        signed = ("--sign", "bad_signer:sign", "--secret", "HOOK_SECRET")
        ended = kit("test", document, "--receiver", url, *signed)
    assert (ended.code, ended.err.count("\n")) == (2, 1)


def test_a_receiver_on_another_machine_must_be_allowed_explicitly(kit: Run, document: str) -> None:
    url = ("--receiver", "http://0.0.0.0:9/hooks")  # not a loopback address, but it leads to this machine
    assert [kit("test", document, *url, *more).code for more in ((), ("--allow-remote",))] == [2, 3]


CITED = re.compile(r"\b(must|should|may): |Reported in|\"(source|incident)\"|contract-kit|valid-response")


@pytest.mark.parametrize("form", ["text", "--json", "--markdown", "--junit", "--html"])
@pytest.mark.parametrize("status", [204, 400, 500])
def test_a_receiver_report_mentions_no_client_or_response(
    kit: Run, document: str, status: int, form: str
) -> None:
    def respond(_: Message, body: bytes) -> int:
        return status if status == 400 or b"true" in body else 204

    options = ("--strictness", "should", "--all", *(() if form == "text" else (form, "report")))
    with receiving(respond) as url:
        ended = kit("test", document, "--receiver", url, *options)
    report = ended.out if form == "text" else Path("report").read_text()
    sentences = "\n".join(each for each in report.splitlines() if not CITED.search(each))
    assert [word for word in ("client", "response") if word in sentences] == []


@pytest.mark.parametrize(
    ("status", "title"), [(204, "No faults"), (400, "Inconclusive"), (500, "1 fault in 1 field")]
)
def test_the_receiver_page_lists_faults_first(kit: Run, document: str, status: int, title: str) -> None:
    def respond(_: Message, body: bytes) -> int:
        return status if status == 400 or b"true" in body else 204

    with receiving(respond) as url:
        kit("test", document, "--receiver", url, "--html", "page")
    assert f"<title>{title}: " in Path("page").read_text()


def test_a_webhook_is_sent_to_the_url_that_is_set_for_its_name(kit: Run, document: str) -> None:
    with receiving(lambda *_: 400) as other, receiving(lambda *_: 204) as url:
        assert kit("test", document, "--receiver", other, "--receiver", f"paid={url}?a=b").code == 0


def test_the_mutants_of_webhooks_are_listed_on_request(kit: Run, document: str) -> None:
    assert "paid" in kit("mutants", document, "--webhooks").out


@pytest.mark.parametrize(
    ("required", "code", "change"), [([], 1, "became-optional"), (["id", "note"], 0, "")]
)
def test_diff_treats_webhooks_as_sent_by_the_service(
    kit: Run, document: str, required: list[str], code: int, change: str
) -> None:
    Path("new.json").write_text(
        Path(document).read_text().replace('"required": ["id"]', f'"required": {json.dumps(required)}')
    )
    ended = kit("diff", document, "new.json")
    assert (ended.code, change in ended.out) == (code, True)


def test_the_export_command_lists_webhooks_as_left_out(kit: Run) -> None:
    Path("both.json").write_text(json.dumps(DOCUMENT | {"paths": of_schema({"type": "integer"})["paths"]}))
    assert "paid" in kit("export", "both.json", "--to", "msw", "-o", "new").out


def test_a_receivers_faults_in_the_baseline_do_not_fail_a_run(
    kit: Run, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3cret!")
    with receiving(lambda *_: 204) as url:
        options = ("test", document, "--receiver", url, *SIGNED)
        assert kit(*options, "--write-baseline", "known.json").code == 0
        assert kit(*options, "--baseline", "known.json").code == 0
    assert "s3cret!" not in Path("known.json").read_text()
