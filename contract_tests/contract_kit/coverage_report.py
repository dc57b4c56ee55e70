"""Coverage as plain text, for people."""

from __future__ import annotations

import math
from collections.abc import Iterator

from contract_kit.judge.text import new_table, printed, skipped_lines

from .coverage import Coverage
from .safe_text import terminal_safe


def coverage_to_text(found: Coverage, listed: int | None) -> str:
    """Return coverage as lines of text.

    Args:
        found: The coverage to report.
        listed: The maximum number of missing obligations to list; None lists all.
    """
    rows = [([each.operation], _cells(each.reached, each.total)) for each in found.shares]
    whole = new_table(["operation"], ["reached", "of", "%"], rows)
    whole.add_section()
    whole.add_row("all", *_cells(len(found.reached), len(found.obligations)))
    return printed(whole) + "".join(f"{line}\n" for line in _lines(found, listed))


def _cells(reached: int, total: int) -> list[str]:
    # Rounded down, so that only complete coverage shows as 100.
    share = math.floor(1000 * reached / total) / 10 if total else 0.0
    return [f"{reached:,}", f"{total:,}", f"{share:.1f}"]


def _lines(found: Coverage, listed: int | None) -> Iterator[str]:
    missing = found.missing
    if missing:
        yield from ("", f"Missing ({len(missing):,})")
    yield from (f"  {terminal_safe(line)}" for line in missing[:listed])
    if listed is not None and len(missing) > listed:
        yield f"  And {len(missing) - listed:,} more (--all lists them)."
    if found.unmatched:
        yield from ("", f"Exchanges that the document doesn't describe ({found.unmatched.total():,})")
    for what, count in found.unmatched.most_common(listed):
        yield f"  {count:,}: {terminal_safe(what)}"
    yield from skipped_lines(found.skipped)
