"""However a client call ends, nothing that it leaves behind contains the key."""

from typing import Any

import bluejay_results
import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError, WebhookError

from .canary import leaks
from .evidence import CHANNELS, Evidence
from .scenes import SCENES


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient], ids=["sync", "async"])
@pytest.mark.parametrize("name", SCENES)
def test_no_call_leaves_a_secret_in_any_output(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, name: str, kind: Any
) -> None:
    """A scene must end as declared, because a call that fails too early would prove nothing."""
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    evidence = Evidence.of(lambda: SCENES[name].play(kind), caplog)
    assert (type(evidence.error).__name__ if evidence.error else "") == SCENES[name].raises
    assert [name for name, channel in CHANNELS.items() if leaks(channel(evidence))] == []


def test_every_error_class_of_a_client_is_raised_by_a_tested_call() -> None:
    classes = (getattr(bluejay_results, name) for name in bluejay_results.__all__)
    errors = [each for each in classes if isinstance(each, type) and issubclass(each, BluejayError)]
    leaves = {each.__name__ for each in errors if not each.__subclasses__()}
    # No client raises a WebhookError.
    assert leaves - {scene.raises for scene in SCENES.values()} == {WebhookError.__name__}
