"""Runs the stub as a separate process."""

from __future__ import annotations

import re
import signal
from contextlib import ExitStack
from types import ModuleType

import typer
from bluejay_results.errors import UsageError

from bluejay_contract.installing import install_advice

from .options import TEST_KEY

_STOPS = (signal.SIGINT, signal.SIGTERM)


def list_scenarios() -> None:
    """Write one line per scenario."""
    for scenario in _stub().SCENARIOS.values():
        typer.echo(f"{scenario.run_id}  {scenario.name}: {scenario.description}")


def serve(port: int, api_key: str, *, pages: bool) -> None:
    """Serve until a signal; raise BadParameter if the port is in use or no client can send the key."""
    if not re.fullmatch(r"[\x21-\x7e]+", api_key):
        raise typer.BadParameter("a key can contain only visible ASCII characters", param_hint="--api-key")
    # From here on, Ctrl-C stays pending until `sigwait` below receives the signal; then the stub stops.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    stub = _stub()
    with ExitStack() as stack:
        try:
            running = stack.enter_context(stub.Stub(api_key=api_key, port=port, pages=pages))
        except OSError as error:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
            raise typer.BadParameter(f"{error.strerror}", param_hint="--port") from error
        typer.echo(running.url)
        typer.echo(_exports(running.url, api_key), err=True)
        signal.sigwait(_STOPS)


def _stub() -> ModuleType:
    """Import the stub; raise UsageError if the extra that it needs is missing."""
    try:
        from bluejay_contract import stub
    except ModuleNotFoundError as error:
        raise UsageError(install_advice(error, "stub")) from None
    return stub


def _exports(url: str, api_key: str) -> str:
    # If a real key was passed by mistake, it must not end up in a log.
    key = (
        f"export BLUEJAY_API_KEY={TEST_KEY}"
        if api_key == TEST_KEY
        else "# BLUEJAY_API_KEY is the key that you passed"
    )
    hint = "# Paste these lines into another shell. Ctrl-C stops the stub; --list lists its runs."
    return f"export BLUEJAY_API_URL={url}\n{key}\n{hint}"
