"""Compare what upstream publishes with the last accepted version, or accept it.

Usage: python -m contract_tests.upstream check|accept FILE

FILE is upstream's OpenAPI document, or a wheel of its official SDK, which
`pip download --no-deps --only-binary bluejay-sdk bluejay-sdk` fetches. The SDK's code is read, but never run
or copied. `accepted.json` contains only facts about our operations in the document: parameters, bodies, and
the schemas that they use. `accepted_sdk.json` contains the differences between the models of the SDK and
openapi.yaml.
Exit codes: 0 if nothing is new or FILE was accepted, 1 if something is new, 2 if FILE is unusable.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from contract_kit.diff.compare import compare
from contract_kit.diff.report import DiffReport
from contract_kit.errors import KitError
from contract_kit.read.document import Document
from contract_kit.terminal import terminal_safe

from . import published, sdk
from .changes import changes

ACCEPTED = Path(__file__).with_name("accepted.json")
ACCEPTED_SDK = Path(__file__).with_name("accepted_sdk.json")


class News(NamedTuple):
    """What a file says that we haven't accepted yet.

    Attributes:
        lines: What is new, one line each.
        report: What `check` prints.
        title: What the file is.
        accepted: The facts to commit.
        place: The file with the accepted facts.
    """

    lines: list[str]
    report: str
    title: str
    accepted: dict[str, Any]
    place: Path


def of_document(path: Path) -> News:
    """Compare upstream's document with its accepted version."""
    document, accepted = Document.load(path), Document.load(ACCEPTED)
    facts = published.facts(document)
    found = changes(published.by_name(accepted.root), published.by_name(facts))
    lines = [terminal_safe(str(each)) for each in found]
    names = [f"{method.upper()} {path}" for path, item in accepted.root["paths"].items() for method in item]
    report = DiffReport(compare(accepted, document, lambda *_: None, names)).text() if lines else ""
    listed = "".join(f"  {each}\n" for each in lines)
    report = f"{report}\nChanged facts ({len(lines):,})\n{listed}"
    return News(lines, report, "upstream's document", facts, ACCEPTED)


def of_sdk(path: Path) -> News:
    """Compare the models of the SDK with openapi.yaml; what was accepted isn't new."""
    found = sdk.read(path)
    differences = sdk.differences(found)
    accepted = json.loads(ACCEPTED_SDK.read_text(encoding="utf-8"))["differences"]
    new = {where: types for where, types in differences.items() if accepted.get(where) != types}
    lines = [terminal_safe(sdk.line(found, where, types)) for where, types in new.items()]
    report = "".join(f"{each}\n" for each in lines)
    facts = {"version": found.version, "differences": differences}
    return News(lines, report, terminal_safe(found.title), facts, ACCEPTED_SDK)


def check(news: News, path: Path) -> int:
    """Print what is new; return the exit code."""
    if not news.lines:
        sys.stdout.write(f"Nothing is new in {news.title} since the last accepted version.\n")
        return 0
    sys.stdout.write(f"{news.report}\n")
    sys.stdout.write(
        f"When openapi.yaml is up to date, run: make upstream-accept FILE={terminal_safe(str(path))}\n"
    )
    return 1


def accept(news: News, path: Path) -> int:
    """Write and commit the accepted facts; return the exit code.

    Raises:
        KitError: The document lacks one of our operations, or git could not commit the file.
    """
    if news.place is ACCEPTED and (lacking := published.lacking(news.accepted)):
        raise KitError(f"{path} lacks {', '.join(lacking)}. Remove it from openapi.yaml first.")
    before = news.place.read_bytes()
    after = json.dumps(news.accepted, indent=1, sort_keys=True) + "\n"
    if json.dumps(json.loads(before), indent=1, sort_keys=True) + "\n" == after:
        sys.stdout.write("Nothing changed, so there is nothing to commit.\n")
        return 0
    news.place.write_text(after, encoding="utf-8")
    message = ["-m", f"Accept {news.title}", "-m", "\n".join(news.lines)]
    command = ["git", "commit", "--quiet", *message, "--", news.place.name]
    if subprocess.run(command, cwd=news.place.parent, check=False).returncode:  # noqa: S603 - our own arguments
        news.place.write_bytes(before)
        raise KitError(f"git could not commit {news.place.name}, so it is unchanged.")
    sys.stdout.write(f"Committed {news.place.name}.\n")
    return 0


def main() -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="upstream", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=["check", "accept"])
    parser.add_argument("file", type=Path)
    arguments = parser.parse_args()
    read = of_sdk if arguments.file.suffix == ".whl" else of_document
    act = check if arguments.action == "check" else accept
    try:
        return act(read(arguments.file), arguments.file)
    except KitError as error:
        sys.stderr.write(f"upstream: {terminal_safe(str(error))}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
