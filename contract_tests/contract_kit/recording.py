"""Record the exchanges of a test session, so that `contract-kit coverage` can count what they exercised."""

from __future__ import annotations

import shutil
import threading
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import KitError

if TYPE_CHECKING:
    import pytest
    from httpx import Response

    from .exchanges import Exchange

OPTION = "--contract-record"


class Recorder:
    """Writes exchanges to a file, one line each. Without a file it does nothing.

    Neither request headers nor queries are kept: an API key may be in them.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        try:
            self._file = path.open("w", encoding="utf-8") if path else None
        except OSError as error:
            raise KitError(f"{path}: {error.strerror}. Record to another file.") from None

    def record(self, exchange: Exchange) -> None:
        """Write an exchange."""
        with self._lock:
            if self._file and not self._file.closed:
                self._file.write(exchange.to_json() + "\n")
                self._file.flush()  # what is recorded stays, even if a worker of xdist is killed

    def httpx(self, response: Response) -> None:
        """Record a response: `httpx.Client(event_hooks={"response": [recorder.httpx]})`. It is read whole."""
        if self._file:
            response.read()
            self.record(exchange_of(response))

    async def httpx_async(self, response: Response) -> None:
        """Record a response of an `httpx.AsyncClient` in the same way."""
        if self._file:
            await response.aread()
            self.record(exchange_of(response))

    def close(self) -> None:
        """Close the file; what comes later is dropped."""
        with self._lock:
            if self._file:
                self._file.close()


def exchange_of(response: Response) -> Exchange:
    """Return the exchange of a response that has been read."""
    from .exchanges import Exchange  # loaded late: every start of pytest imports this module

    request = response.request
    path = request.url.raw_path.decode("ascii").partition("?")[0]
    return Exchange(request.method, path, response.status_code, dict(response.headers), response.content)


def add_option(parser: pytest.Parser) -> None:
    """Add `--contract-record` to pytest."""
    parser.getgroup("contract-kit").addoption(
        OPTION, metavar="FILE", help="record the exchanges of the fixture contract_recorder, as lines of JSON"
    )


def start(config: pytest.Config) -> Recorder:
    """Start recording at the begin of a session. A worker of xdist writes a part of its own."""
    path = _path(config)
    worker = _worker(config)
    if path and worker:
        path = _part(path, worker)
    elif path:
        for part in _parts(path):  # of a session that was killed
            part.unlink()
    return Recorder(path)


def finish(config: pytest.Config, recorder: Recorder) -> None:
    """End a session's recording; where xdist's workers have written parts, put them together."""
    recorder.close()
    path = _path(config)
    if path is None or _worker(config):
        return
    with path.open("ab") as whole:
        for part in _parts(path):
            with part.open("rb") as file:
                shutil.copyfileobj(file, whole)
            part.unlink()


def _path(config: pytest.Config) -> Path | None:
    name = config.getoption(OPTION)
    return config.invocation_params.dir / name if name else None


def _worker(config: pytest.Config) -> str:
    given: dict[str, Any] = getattr(config, "workerinput", {})
    return str(given.get("workerid", ""))


def _part(path: Path, worker: str) -> Path:
    return path.with_name(f"{path.name}.{worker}.part")


def _parts(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{escape(path.name)}.gw*.part"))
