"""Records the exchanges of a test session, for `contract-kit coverage`."""

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
    """Writes exchanges to a file, one per line. Without a file, the recorder does nothing.

    Request headers and queries are not recorded, because they may contain an API key.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        try:
            self._file = path.open("w", encoding="utf-8") if path else None
        except OSError as error:
            raise KitError(f"{path}: {error.strerror}. Record to another file.") from None

    def record(self, exchange: Exchange) -> None:
        """Write an exchange to the file."""
        with self._lock:
            if self._file and not self._file.closed:
                self._file.write(exchange.to_json() + "\n")
                self._file.flush()  # so that recorded exchanges remain even if an xdist worker is killed

    def httpx(self, response: Response) -> None:
        """Record a response: `httpx.Client(event_hooks={"response": [recorder.httpx]})`.

        This reads the whole body.
        """
        if self._file:
            response.read()
            self.record(exchange_of(response))

    async def httpx_async(self, response: Response) -> None:
        """Record a response of an `httpx.AsyncClient` in the same way."""
        if self._file:
            await response.aread()
            self.record(exchange_of(response))

    def close(self) -> None:
        """Close the file; later exchanges are dropped."""
        with self._lock:
            if self._file:
                self._file.close()


def exchange_of(response: Response) -> Exchange:
    """Return the exchange for a response whose body has been read."""
    from .exchanges import Exchange  # loaded late: every start of pytest imports this module

    request = response.request
    path = request.url.raw_path.decode("ascii").partition("?")[0]
    return Exchange(request.method, path, response.status_code, dict(response.headers), response.content)


def add_option(parser: pytest.Parser) -> None:
    """Add `--contract-record` to pytest."""
    parser.getgroup("contract-kit").addoption(
        OPTION,
        metavar="FILE",
        help="record the exchanges of the fixture contract_recorder, one JSON object per line",
    )


def start(config: pytest.Config) -> Recorder:
    """Start recording at the beginning of a session. Each xdist worker writes its own part of the file."""
    path = _path(config)
    worker = _worker(config)
    if path and worker:
        path = _part(path, worker)
    elif path:
        for part in _parts(path):  # left over from a session that was killed
            part.unlink()
    return Recorder(path)


def finish(config: pytest.Config, recorder: Recorder) -> None:
    """End a session's recording; if xdist workers have written parts, join them."""
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
