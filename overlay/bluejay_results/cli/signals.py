"""Handles Ctrl-C, SIGTERM and SIGHUP: each ends a command early, with a line about the signal and the run."""

import signal
from typing import Any

from .exit_codes import ExitCode

_CODES = {"SIGTERM": ExitCode.TERMINATED, "SIGHUP": ExitCode.HUNG_UP}  # by name: Windows has no SIGHUP
_received: list[ExitCode] = []
_advice = [""]


class StoppedError(BaseException):
    """A signal arrived. The class isn't an Exception, so that `except Exception` doesn't swallow it."""


def stop_on_signals() -> None:
    """Raise StoppedError at the first signal and ignore later ones.

    A signal that the process already ignores, for example because of `nohup`, stays ignored.
    """
    for number in _numbers():
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)


def received() -> ExitCode | None:
    """Return the exit code of the signal that arrived; None if no signal did."""
    return _received[0] if _received else None


def on_interrupt(advice: str) -> None:
    """Set the advice to print if the command is interrupted from now on."""
    _advice[0] = advice


def interrupt_advice() -> str:
    """Return the advice that `on_interrupt` has set; empty if it has set none."""
    return _advice[0]


def _stop(number: int, _frame: Any) -> None:
    for each in _numbers():
        signal.signal(each, signal.SIG_IGN)
    _received.append(_CODES[signal.Signals(number).name])
    raise StoppedError


def _numbers() -> list[signal.Signals]:
    return [number for number in signal.Signals if number.name in _CODES]
