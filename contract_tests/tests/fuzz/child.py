"""A child process that judges bodies, so that the tests survive a hang, a crash or running out of memory."""

import faulthandler
import multiprocessing
import resource
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

SECONDS = 60.0
"""The maximum time for one body, long enough for a busy machine."""
MEMORY = 512 << 20
"""How many bytes the child may allocate."""

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([f"{__package__}.test_fuzz"])  # importing it takes a second


class Child:
    """Judges bodies in a child process. If the process dies, the next body is judged in a new one."""

    def __init__(self, judge: Callable[[bytes], object], seconds: float = SECONDS) -> None:
        self._limited = (judge, seconds)
        self._restart()

    def judge(self, body: bytes) -> None:
        """Let the child judge a body.

        Raises:
            AssertionError: The judge raised an error; the message has its traceback.
            BrokenProcessPool: The child hung or died; its traceback is on stderr.
        """
        try:
            failure = self._pool.submit(_judged, body, *self._limited).result()
        except BrokenProcessPool:
            self.close()
            self._restart()
            raise
        assert failure is None, failure

    def close(self) -> None:
        self._pool.shutdown()

    def _restart(self) -> None:
        self._pool = ProcessPoolExecutor(1, _CONTEXT, initializer=_limit_memory)


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def _judged(body: bytes, judge: Callable[[bytes], object], seconds: float) -> str | None:
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        judge(body)
    except Exception:
        return traceback.format_exc()
    finally:
        faulthandler.cancel_dump_traceback_later()
    return None
