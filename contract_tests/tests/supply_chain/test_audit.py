"""`make audit` fails if pip-audit gets no response for a package."""

import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
from pip_audit import _cli, _service  # type: ignore[import-untyped] # it has no types

from .dependencies import ROOT


def _clean(_: Any, package: Any) -> Any:
    return package, []


def _vulnerable(_: Any, package: Any) -> Any:
    return package, [_service.VulnerabilityResult.create(["OSV-2026-1"], "x", [], None)]


def _unknown(_: Any, package: Any) -> Any:
    """Behave like a mirror without advisories, which returns 404 for every package."""
    return _service.SkippedDependency(package.name, "not found"), []


def _unreachable(_: Any, package: Any) -> Any:
    raise _service.ConnectionError(package.name)


@pytest.mark.parametrize(
    ("answer", "code"), [(_clean, 0), (_vulnerable, 1), (_unknown, 1), (_unreachable, 1)]
)
def test_only_a_package_that_is_known_and_not_vulnerable_passes_the_audit(
    answer: Any, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [command] = re.findall(r"^\t@\$\(BIN\)/(pip-audit .*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    lock = tmp_path / "lock"
    lock.write_text(f"attrs==9.2.1 --hash=sha256:{'0' * 64}\n")
    words = [str(lock) if word == "requirements.lock" else word for word in shlex.split(command)]
    monkeypatch.setattr(sys, "argv", [*words, "--vulnerability-service", "osv"])
    monkeypatch.setattr(_service.OsvService, "query", answer)
    with pytest.raises(SystemExit) as ended:
        sys.exit(_cli.audit())
    assert (ended.value.code or 0) == code
