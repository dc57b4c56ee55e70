"""Whatever a client does and however it ends, nothing that it leaves behind holds the key."""

from __future__ import annotations

from collections.abc import Callable

import bluejay_results
import pytest
from bluejay_results import BluejayError, SimulationRun

from .canary import leaks
from .conftest import KINDS
from .evidence import Evidence, arguments, messages, pickles, plain_traceback, rich_traceback
from .scenes import ECHOED, PLAIN, Scene

CHANNELS: dict[str, Callable[[Evidence], str | bytes]] = {
    "messages": messages,
    "logs": lambda evidence: evidence.logs,
    "warnings": lambda evidence: evidence.warned,
    "traceback": plain_traceback,
    "rich traceback": rich_traceback,
    "arguments": arguments,
    "pickles": pickles,
}
SCENES = {
    f"{kind}-{name}": (scene, kind)
    for scenes in (PLAIN, {f"{name}, echoed": scene for name, scene in ECHOED.items()})
    for name, scene in scenes.items()
    for kind in KINDS
}


@pytest.fixture(scope="module", params=SCENES.values(), ids=list(SCENES))
def scene(request: pytest.FixtureRequest) -> tuple[Scene, str]:
    """A scene and the client that plays it."""
    found: tuple[Scene, str] = request.param
    return found


@pytest.fixture(scope="module")
def evidence(scene: tuple[Scene, str], play: Callable[[Scene, str], SimulationRun]) -> Evidence:
    """What the scene left behind."""
    return Evidence.of(lambda: play(*scene))


def test_a_scene_ends_as_it_should(scene: tuple[Scene, str], evidence: Evidence) -> None:
    """A scene that ends early proves nothing."""
    assert type(evidence.error) is (scene[0].raises or type(None))


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_channel_has_a_secret(evidence: Evidence, channel: str) -> None:
    assert leaks(CHANNELS[channel](evidence)) == []


def test_every_error_is_in_a_scene() -> None:
    leaves = {
        kind
        for name in bluejay_results.__all__
        if isinstance(kind := getattr(bluejay_results, name), type)
        and issubclass(kind, BluejayError)
        and not kind.__subclasses__()
    }
    assert leaves - {scene.raises for scene in PLAIN.values()} == set()
