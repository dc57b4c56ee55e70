"""However a client call ends, nothing that it leaves behind contains the key."""

from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import Any

import bluejay_results
import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError, WebhookError
from contract_kit.tests.tables import table

from .canary import KEY, leaks
from .evidence import CHANNELS, Evidence
from .scenes import SCENES


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient], ids=["sync", "async"])
@table("name", SCENES)
def test_no_call_leaves_a_secret_in_any_output(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, name: str, kind: Any
) -> None:
    """A scene must end as declared, because a call that fails too early would prove nothing."""
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    evidence = Evidence.of(lambda: SCENES[name].play(kind), caplog)
    assert (type(evidence.error).__name__ if evidence.error else "") == SCENES[name].raises
    assert [name for name, channel in CHANNELS.items() if leaks(channel(evidence))] == []


METHODS = {
    "queue": "731",
    "retrieve": "48213",
    "retrieve_many": ["48213"],
    "wait": "48213",
    "retrieve_result": "1",
    "runs": "731",
}
"""Each method with a valid first argument."""
VALUES: list[Any] = [KEY, KEY.encode(), [KEY], {KEY: KEY}, Path(KEY), f"https://x.io/?k={KEY}", f"{KEY}, x"]


def _all_arguments() -> Iterator[tuple[str, str]]:
    for method in ("__init__", *METHODS):
        parameters = signature(getattr(BluejayClient, method)).parameters
        yield from ((method, name) for name in parameters if name not in {"self", "clock"})


@table("method, name", _all_arguments())
def test_no_error_about_an_argument_contains_the_key(
    caplog: pytest.LogCaptureFixture, tmp_path: Path, method: str, name: str
) -> None:
    """The arguments could be swapped, so the URL is tried as the key too."""
    for value in VALUES:
        for key in {KEY, "https://x.io"} if name == "base_url" else {KEY}:
            settings = {"api_key": key, "base_url": "http://127.0.0.1:1", "retries": 0}

            def call(value: Any = value, settings: dict[str, Any] = settings) -> None:
                own = {name: value} if method == "__init__" else {}
                with BluejayClient(**settings | own) as client:
                    first = next(iter(signature(getattr(client, "runs" if own else method)).parameters))
                    arguments = {first: METHODS.get(method, "731")} | ({} if own else {name: value})
                    list(getattr(client, "runs" if own else method)(**arguments))

            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(tmp_path)
                evidence = Evidence.of(call, caplog)
            assert leaks(CHANNELS["messages"](evidence)) == [], value


def test_every_error_class_of_a_client_is_raised_by_a_tested_call() -> None:
    classes = (getattr(bluejay_results, name) for name in bluejay_results.__all__)
    errors = [each for each in classes if isinstance(each, type) and issubclass(each, BluejayError)]
    leaves = {each.__name__ for each in errors if not each.__subclasses__()}
    # No client raises a WebhookError.
    assert leaves - {scene.raises for scene in SCENES.values()} == {WebhookError.__name__}
