"""Known vulnerabilities of the pinned packages, by pip-audit; a package without an answer fails the audit."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .dependencies import LOCK

NOT_AUDITED = 2
_LISTED = 5


def audit(lock: Path, *options: str) -> tuple[int, list[str]]:
    """Ask the advisory database about every line of a lock.

    Args:
        lock: A lock with hashes.
        *options: More options of pip-audit, such as another database.

    Returns:
        The exit code (0 if each package was checked and none is vulnerable), and the lines to print.
    """
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes"]
        command += ["--disable-pip", "--progress-spinner", "off", "--format", "json", "--output", str(report)]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        if not report.exists():
            reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            return NOT_AUDITED, [f"Not audited, no answer came from the advisory database: {reason}"]
        return _verdict(json.loads(report.read_text())["dependencies"])


def _verdict(dependencies: list[dict[str, Any]]) -> tuple[int, list[str]]:
    found = list(_vulnerabilities(dependencies))
    skipped = [each["name"] for each in dependencies if "skip_reason" in each]
    if skipped:
        names = ", ".join(skipped[:_LISTED]) + (", …" if len(skipped) > _LISTED else "")
        unknown = f"{len(skipped)} of {len(dependencies)} packages: {names}"
        return NOT_AUDITED, [*found, f"Not audited, the advisory database does not know {unknown}"]
    if found:
        return 1, found
    return 0, [f"Packages audited: {len(dependencies)}, none with a known vulnerability"]


def _vulnerabilities(dependencies: list[dict[str, Any]]) -> Iterator[str]:
    for each in dependencies:
        for vulnerability in each.get("vulns", ()):
            fixed = ", ".join(vulnerability["fix_versions"]) or "no version"
            yield f"{each['name']} {each['version']}: {vulnerability['id']}, fixed in {fixed}"


def main() -> int:
    """Audit our lock, or another lock if one is named; return the exit code."""
    code, lines = audit(Path(sys.argv[1]) if len(sys.argv) > 1 else LOCK)
    stream = sys.stderr if code else sys.stdout
    stream.writelines(f"audit: {line}\n" for line in lines)
    return code


if __name__ == "__main__":
    sys.exit(main())
