"""What to tell whoever interrupts a command, about the run that it is busy with."""

_said = [""]


def farewell() -> str:
    """Return what is to be said now; empty where there is nothing."""
    return _said[0]


def on_interrupt(text: str) -> None:
    """Say this from now on."""
    _said[0] = text
