"""`contract-kit test --receiver`: options and messages."""

import json
import re
from email.message import Message
from pathlib import Path

import pytest

from .command import Run
from .receivers import DOCUMENT, receiving


@pytest.fixture
def document(folder: Path) -> str:
    (folder / "hooks.json").write_text(json.dumps(DOCUMENT))
    return "hooks.json"


NOBODY = "http://127.0.0.1:9/hooks"
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


def test_a_webhook_is_sent_to_the_url_that_is_set_for_its_name(kit: Run, document: str) -> None:
    with receiving(lambda *_: 400) as other, receiving(lambda *_: 204) as url:
        assert kit("test", document, "--receiver", other, "--receiver", f"paid={url}?a=b").code == 0
