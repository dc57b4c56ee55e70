"""However a call of a client ends, nothing that it leaves behind contains the key."""

from collections.abc import Callable

import attrs
import bluejay_results
import httpx2
import pytest
from bluejay_contract.stub import Answer
from bluejay_results import BluejayError, WebhookError

from .canary import KEY, leaks
from .conftest import KINDS
from .evidence import Evidence, messages, pickles, plain_traceback
from .scenes import ECHOED, PLAIN, SETTLED, Scene

CHANNELS: dict[str, Callable[[Evidence], str | bytes]] = {
    "messages": messages,
    "logs": lambda evidence: evidence.logs,
    "warnings": lambda evidence: evidence.warned,
    "traceback": plain_traceback,
    "pickles": pickles,
}
SCENES = {
    f"{kind}-{name}": (scene, kind)
    for scenes in (PLAIN, {f"{name}, echoed": scene for name, scene in ECHOED.items()})
    for name, scene in scenes.items()
    for kind in KINDS
}


@pytest.mark.parametrize(("scene", "kind"), SCENES.values(), ids=list(SCENES))
def test_a_scene_ends_as_declared_and_leaves_no_secret_in_any_output(
    play: Callable[[Scene, str], object], caplog: pytest.LogCaptureFixture, scene: Scene, kind: str
) -> None:
    """A scene must end as declared, because one that ends early would prove nothing."""
    evidence = Evidence.of(lambda: play(scene, kind), caplog)
    assert type(evidence.error) is (scene.raises or type(None))
    assert [name for name, channel in CHANNELS.items() if leaks(channel(evidence))] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["a run", "no answer", "no HTTP", "an unknown authority", "half an answer"])
def test_a_scene_with_a_client_of_httpx2_leaves_no_secret_in_any_output(
    play: Callable[[Scene, str], object], caplog: pytest.LogCaptureFixture, kind: str, name: str
) -> None:
    """`make test-httpx2` tests every scene with a client of httpx2."""
    http = {"sync": httpx2.Client, "async": httpx2.AsyncClient}[kind]
    scene = attrs.evolve(PLAIN[name], settings={**PLAIN[name].settings, "http": http})
    evidence = Evidence.of(lambda: play(scene, kind), caplog)
    assert type(evidence.error) is (scene.raises or type(None))
    assert [name for name, channel in CHANNELS.items() if leaks(channel(evidence))] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [200, 503])
def test_a_key_that_is_sent_back_as_the_request_id_is_not_in_the_log(
    play: Callable[[Scene, str], object], caplog: pytest.LogCaptureFixture, kind: str, status: int
) -> None:
    answer = Answer(SETTLED.body, status, {"x-request-id": KEY})
    logs = Evidence.of(lambda: play(Scene((answer,)), kind), caplog).logs
    assert f": {status}, {len(SETTLED.body)} bytes, request id <redacted> in " in logs
    assert leaks(logs) == []


def test_every_error_class_of_a_client_occurs_in_a_scene() -> None:
    leaves = {
        kind
        for name in bluejay_results.__all__
        if isinstance(kind := getattr(bluejay_results, name), type)
        and issubclass(kind, BluejayError)
        and not issubclass(kind, WebhookError)  # no client raises it
        and not kind.__subclasses__()
    }
    assert leaves - {scene.raises for scene in PLAIN.values()} == set()
