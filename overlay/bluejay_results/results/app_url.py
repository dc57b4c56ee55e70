"""The URLs of the app, in which people look at runs."""

from urllib.parse import quote

APP_URL = "https://app.getbluejay.ai"


def page_of_run(simulation_id: str, run_id: str) -> str:
    """Return the URL of a run's page in the app."""
    return f"{APP_URL}/simulations/{quote(simulation_id, safe='')}/runs/{quote(run_id, safe='')}"
