"""Makes calls in a separate process, with the library or with the command `bluejay-results`."""

import signal
import subprocess
import time
from threading import Event

import msgspec

from ..cli.command import COMMAND, Command
from ..fork_server import programs
from ..outside import environment
from ._call import KEY, RUN_ID, Call, Ending
from ._server import wait_for

LIMIT = 120.0
_A_MOMENT = 0.2


def perform_apart(calls: list[Call]) -> list[list[Ending]]:
    """Make calls one after another in another process.

    Raises:
        subprocess.TimeoutExpired: The calls did not end in time, and were killed.
        subprocess.CalledProcessError: The process crashed.
    """
    done = subprocess.run(
        [programs() / "make-calls"],
        input=msgspec.json.encode(calls),
        stdout=subprocess.PIPE,
        env=environment(),
        timeout=sum(call.limit for call in calls),
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=list[list[Ending]])


def run_command(words: tuple[str, ...], call: Call, interrupt_at: Event | None = None) -> Ending:
    """Run the command to its end.

    Args:
        words: The command and its options, without the run.
        call: The URL of the service and the settings.
        interrupt_at: The event after which Ctrl-C is sent; None to send none.
    """
    started = time.monotonic()
    settings = {"BLUEJAY_API_KEY": KEY, **call.environment}
    process = Command(call.base_url, programs() / COMMAND.name).start(
        words[0],
        RUN_ID,
        *words[1:],
        environment=settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    with process:
        if interrupt_at and wait_for(interrupt_at.is_set, LIMIT):
            time.sleep(_A_MOMENT)  # the command needs time to read what the server has sent
            process.send_signal(signal.SIGINT)
        return _ending(process, started)


def _ending(process: subprocess.Popen[bytes], started: float) -> Ending:
    try:
        _, errors = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        return Ending("hung", seconds=LIMIT)
    seconds = time.monotonic() - started
    return Ending(f"exit {process.returncode}", message=errors.decode(), seconds=seconds)
