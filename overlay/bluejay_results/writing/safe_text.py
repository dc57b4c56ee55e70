"""Text for a terminal: what people type and servers send is shown, never obeyed, and without a credential."""

import re
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from bluejay_results._log_commands import without_command_at_start, without_log_commands
from bluejay_results._secrets import Secret, without_signatures

# Control characters, and those that reorder or split a line.
_ACTIVE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_never_shown: list[Secret] = []


def never_show(key: str | Secret) -> None:
    """Mask a key in every text from here on."""
    _never_shown.append(Secret(Secret(key).reveal().strip()))


def masked(text: str) -> str:
    """Return `text` without keys and without what makes a URL a credential."""
    return without_signatures(without_keys(text))


def without_keys(text: str) -> str:
    """Return `text` without keys; what makes a URL a credential stays."""
    for key in _never_shown:
        text = key.redact(text)
    return text


def terminal_safe(text: str, limit: int | None = None) -> str:
    """Return `text` as part of a line, with all that a terminal or a CI system would obey escaped.

    Keys, and whatever makes a URL a credential, are masked.
    """
    line = _escaped(masked(" ".join(text.split())))
    return line if limit is None or len(line) <= limit else f"{line[:limit]}…"


def safe_line(line: str) -> str:
    """Return a whole line, spaces kept, with all that a terminal or a CI system would obey escaped."""
    return without_command_at_start(_escaped(line))


def _escaped(text: str) -> str:
    return without_log_commands(_ACTIVE.sub(lambda match: ascii(match[0])[1:-1], text))


def percent(rate: float) -> str:
    """Write a rate, 0 to 1, as a percentage rounded to a tenth; only 1 is 100.0 %."""
    exact = Decimal(str(rate)) * 100
    rounding = ROUND_FLOOR if Decimal("99.9") < exact < 100 else ROUND_HALF_UP
    return f"{exact.quantize(Decimal('0.1'), rounding)} %"
