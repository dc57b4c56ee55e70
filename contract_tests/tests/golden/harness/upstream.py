"""What `make upstream` prints about upstream's document and about wheels of its SDK."""

import contextlib
import io
import json
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from contract_kit.read.document import Document
from contract_kit.read.paths import at
from upstream import __main__ as upstream
from upstream import published
from upstream.changes import changes

KEPT = Path(__file__).with_name("kept") / "upstream"
SMALL = Path(__file__).with_name("small_sdk")
METHODS, MODELS = ((SMALL / f"{name}.txt").read_text() for name in ("methods", "models"))


def contract() -> Iterator[str]:
    """Yield how the facts of openapi.yaml differ from those of upstream's accepted document."""
    accepted, ours = Document.load(upstream.ACCEPTED).root, published.facts(published.contract())
    yield from map(str, changes(published.by_name(accepted), published.by_name(ours)))


def documents() -> Iterator[str]:
    """Yield what is new in upstream's document after some changes, or why it can't be used.

    To add changes, add a line `== {PATH: VALUE, ...}` to the kept text; null removes what is there.
    """
    for line in (KEPT / "documents.txt").read_text().splitlines():
        if line.startswith("== "):
            document = json.loads(upstream.ACCEPTED.read_text())
            for text, value in json.loads(line.removeprefix("== ")).items():
                *path, last = text.split()
                part = at(document, path)
                part.pop(last, None)
                part |= {} if value is None else {last: value}
            yield line
            yield from told("document.json", json.dumps(document).encode())
    yield "-- a page"
    yield from told("document.json", b"<html></html>")


def wheels() -> Iterator[str]:
    """Yield how each change of a small SDK differs from a small contract, and why a file is no wheel."""
    with TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        accepted = Path(name, "accepted.json")
        accepted.write_text('{"differences": {}, "version": "0.3.0"}')
        stack.enter_context(patch.object(upstream, "ACCEPTED_SDK", accepted))
        stack.enter_context(patch.object(published, "CONTRACT", SMALL / "openapi.json"))
        for change in tomllib.loads((SMALL / "changes.toml").read_text())["change"]:
            yield f"== {change['name']}"
            yield from told("sdk.whl", wheel(change))
        whole = wheel({})
        yield "== code that is too large"
        yield from told("sdk.whl", wheel({"more": "#" * (16 * 1024 * 1024)}))
        for title, data in {
            "no zip": b"<html></html>",
            "cut off": whole[:-40],
            "damaged": whole.replace(b"PK\x03\x04", b"PK\x03\x05"),
            "no METADATA": zipped({}),
            "no version": zipped({"bluejay_sdk-0.4.0.dist-info/METADATA": "Name: bluejay-sdk\n"}),
        }.items():
            yield f"== {title}"
            yield from told("sdk.whl", data)


def wheel(change: dict[str, Any]) -> bytes:
    """Return a wheel of the small SDK after a change to its code."""
    methods, models = METHODS, MODELS
    if old := change.get("old"):
        assert (methods + models).count(old) == 1
        methods, models = (each.replace(old, change.get("new", "")) for each in (methods, models))
    modules = {"bluejay/simulations.py": methods, "bluejay/models/simulations.py": models}
    modules["bluejay/models/simulations.py"] += change.get("more", "")
    metadata = "Metadata-Version: 2.4\nName: bluejay-sdk\nVersion: 0.4.0\n"
    files = change.get("files", {}) if "is_whole" in change else modules | change.get("files", {})
    more = {"bluejay_sdk-0.4.0.dist-info/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n"}
    return zipped(files | more | {"bluejay_sdk-0.4.0.dist-info/METADATA": metadata})


def zipped(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def told(name: str, data: bytes) -> Iterator[str]:
    """Yield what `upstream check` prints about a file with these bytes, and its exit code."""
    out, err = io.StringIO(), io.StringIO()
    with TemporaryDirectory() as folder, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        file = Path(folder, name)
        file.write_bytes(data)
        with patch("sys.argv", ["upstream", "check", f"{file}"]):
            code = upstream.main()
    for mark, stream in (("", out), ("2> ", err)):
        yield from (f"{mark}{each}" for each in stream.getvalue().replace(folder, "FOLDER").splitlines())
    yield f"exit code {code}"
