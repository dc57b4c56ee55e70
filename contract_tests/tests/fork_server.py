"""Starts programs in a fifth of the time, by forking a server that has already imported their modules.

The folder `programs()` contains a launcher for each program. A launcher sends its arguments, environment,
working directory and files to the server, which runs the program in a fork. The launcher forwards signals to
the program, and ends with the program's exit code or signal.
"""

from __future__ import annotations

import atexit
import gc
import marshal
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import mkdtemp
from typing import Any

_ROOT = Path(__file__).parents[2]
_OF_SCHEMATHESIS = ("cli", "engine", "specs", "openapi", "reporting")
PROGRAMS: dict[str, tuple[str, ...]] = {
    "bluejay-results": ("bluejay_results.cli:main", "bluejay_results"),
    "bluejay-contract": ("bluejay_contract.cli:main", "bluejay_contract.cli", "bluejay_contract.stub"),
    "contract-kit": ("contract_kit.cli:main", "contract_kit"),
    "pytest": ("pytest:console_main", "bluejay_contract.stub", "contract_kit", "hypothesis"),
    "st": ("schemathesis.cli:schemathesis", *(f"schemathesis.{each}" for each in _OF_SCHEMATHESIS)),
}
"""The function that each program runs, and the packages to import before its first start."""

_LAUNCHER = """\
#!{python} -IS
import marshal, os, signal, socket, sys
signals = {{signal.SIGINT, signal.SIGTERM, signal.SIGHUP}}
ignored = [int(each) for each in signals if signal.getsignal(each) == signal.SIG_IGN]
signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # until they can be passed on
server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
server.connect({address!r})
asked = [sys.argv, dict(os.environ), os.getcwd(), ignored]
socket.send_fds(server, [marshal.dumps(asked)], [0, 1, 2])
process = int(server.recv(32))
for each in signals:
    signal.signal(each, lambda number, _: os.kill(process, number))
signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
code = int(server.recv(32))
if code < 0:
    if -code in signals:
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


@cache
def programs() -> Path:
    """Start the server, and return the folder with the launchers."""
    folder = Path(mkdtemp(prefix="programs-"))
    address = str(folder / "server")
    for name in PROGRAMS:
        (folder / name).write_text(_LAUNCHER.format(python=sys.executable, address=address))
        (folder / name).chmod(0o700)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(address)
        listener.listen(64)
        code = f"import sys; from {__name__} import run; sys.exit(run({listener.fileno()}, {str(folder)!r}))"
        # With -m, the usage texts of programs would contain the name of this module.
        command = [sys.executable, "-c", code]
        server = subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.PIPE, pass_fds=[listener.fileno()], start_new_session=True
        )
    atexit.register(server.communicate)  # the server exits when its stdin is closed, even after a crash
    return folder


def run(listener: int, folder: str) -> Any:
    """Run the server. In each forked process, run a program and return its exit code."""
    gc.freeze()
    with socket.socket(fileno=listener) as open_listener:
        program = _serve(open_listener)
    if program:
        return program()
    shutil.rmtree(folder)
    return 0


def _serve(listener: socket.socket) -> Callable[[], Any] | None:
    """Wait for launchers until stdin is closed. In a fork, return the function that runs the program."""
    while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        _reap()
        message, files, *_ = socket.recv_fds(connection, 1 << 20, 3)
        words, environment, folder, ignored = marshal.loads(message)  # noqa: S302 - from our own launcher
        main, *packages = PROGRAMS[Path(words[0]).name]
        for each in packages:
            _import_all(each)
        if not os.fork() and not _watch(connection, files):
            _become(words, environment, folder, ignored, files)
            module, _, name = main.partition(":")
            run: Callable[[], Any] = getattr(import_module(module), name)
            return run
        connection.close()
        for file in files:
            os.close(file)
    return None


@cache
def _import_all(package: str) -> None:
    """Import a package and all of its modules, except those that need packages which aren't installed."""
    path = import_module(package).__path__
    for each in walk_packages(path, f"{package}."):
        if not each.name.endswith("__main__"):
            with suppress(ModuleNotFoundError):
                import_module(each.name)


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _watch(connection: socket.socket, files: list[int]) -> bool:
    """Fork. In the child, return False; in the parent, wait until the program ends, and exit."""
    if not (process := os.fork()):
        connection.close()
        return False
    for each in files:
        os.close(each)
    connection.send(b"%d" % process)
    ends = os.pidfd_open(process)
    if ends not in select.select([connection.fileno(), ends], [], [])[0]:  # the launcher was killed
        os.kill(process, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    with suppress(OSError):
        connection.send(b"%d" % code)
    os._exit(0)


def _become(
    words: list[str], environment: dict[str, str], folder: str, ignored: list[int], files: list[int]
) -> None:
    """Use a launcher's arguments, environment, folder and files as this process's own."""
    for number, each in enumerate(files):
        os.dup2(each, number)
        os.close(each)
    sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115 - open until the process ends
    sys.stdout = open(1, "w", encoding="utf-8")  # noqa: SIM115 - open until the process ends
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: SIM115 - as above
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv[:] = words
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)
