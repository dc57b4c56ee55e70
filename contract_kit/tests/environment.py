"""Prepares the environment for tests: Hypothesis, signals, environment variables, and a closed port."""

import os
import signal
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "quick", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", settings.get_profile("quick"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Shells start background jobs with SIGINT ignored, but tests send SIGINT to processes that they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    # `nohup` starts programs with SIGHUP ignored. With this handler, a SIGHUP doesn't end the tests.
    signal.signal(signal.SIGHUP, lambda *_: None)

SETTINGS = (
    *("http_", "https_", "all_", "no_proxy", "ssl_"),
    *("columns", "force_color", "no_color", "tty_", "term", "github_", "makeflags", "makelevel", "mflags"),
)
"""Prefixes of environment variables that users may have set, but that must not affect the tests."""


@pytest.fixture(scope="session")
def closed() -> Iterator[str]:
    """Yield a URL on a reserved port where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
