"""App URLs."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from .._secrets import without_signature
from ..errors import UsageError

APP_URL = "https://app.getbluejay.ai"

_SIMULATION = re.compile(re.escape(APP_URL) + r"/simulations/([^/?#]+)(?:[/?#].*)?")
_RUN = re.compile(re.escape(APP_URL) + r"/simulations/[^/?#]+/runs/([^/?#]+)/?(?:[?#].*)?")


def page_of_run(simulation_id: str, run_id: str) -> str:
    """Return the URL of a run's page in the app."""
    return f"{APP_URL}/simulations/{quote(simulation_id, safe='')}/runs/{quote(run_id, safe='')}"


def run_id_in(source: str) -> str:
    """Return the run id in the URL of a run's page in the app; return any other text unchanged.

    Raises:
        UsageError: The text is a URL of something other than a run's page, or isn't a single id.
    """
    return _id_in(source, _RUN, "run")


def named_simulation(run: str) -> str | None:
    """Return the simulation id in the URL of a run's page; None if the text isn't such a URL."""
    return simulation_id_in(run) if _RUN.fullmatch(run) else None


def simulation_id_in(source: str) -> str:
    """Return the simulation id in the URL of a simulation's page; raise UsageError like `run_id_in`."""
    return _id_in(source, _SIMULATION, "simulation")


def _id_in(source: str, page: re.Pattern[str], noun: str) -> str:
    match = page.fullmatch(source)
    if not match and source.startswith(("http://", "https://")):
        raise UsageError(
            f"{without_signature(source)} is not the URL of a {noun} in the app. Pass a {noun} id."
        )
    found = unquote(match[1]) if match else source
    if re.search(r"[\s,]", found):
        raise UsageError(
            f"{found!r} is not a single {noun} id, because ids contain no spaces or commas. Pass one id."
        )
    return found
