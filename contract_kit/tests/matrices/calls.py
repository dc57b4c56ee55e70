"""Tables of calls: what a client does, and how the call ends."""

import os
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, chdir, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve

from contract_kit.derive.model import Mutant
from contract_kit.errors import KitError
from contract_kit.judge.client_run import run_mutant
from contract_kit.judge.results import Result
from contract_kit.serve.clients import Caller, Client, CommandClient, PythonClient
from contract_kit.serve.server import KitServer

from ..fakes import GET_ORDER, MODULE, FakeCatalogue, mutant
from .texts import Case, unescaped

HANGS = 2.0
"""The time limit in seconds of calls that hang."""
OUTSIDE = {"http_proxy": "http://127.0.0.1:9", "no_proxy": "intern.example", "TZ": "Europe/Berlin"}
ACTING = f"""{MODULE}
async def seven(): return 7

async def items(number):
    for each in range(number): yield each

def call(url, operation, arguments):
    names = {{**globals(), "url": url}}
    exec("def act():\\n" + arguments["code"], names)
    return names["act"]()

def one(request):
    read(request["url"])
    return request
"""
"""A client that does what its arguments say."""
REQUEST = "import os, urllib.request as r; r.urlopen(os.environ['CONTRACT_KIT_URL'] + '/orders/7')"


def acting(code: str) -> Mutant:
    """Return a mutant for whose operation the client runs this code."""
    arguments = {"id": "7", "code": textwrap.indent(unescaped(code).decode(), "    ")}
    request = evolve(GET_ORDER.request, arguments=arguments)
    return mutant("acting", operation=evolve(GET_ORDER, request=request))


def functions(cases: Iterable[Case]) -> Iterator[str]:
    """Yield how calls of a Python function end. All run in one process, until it ends."""
    client = PythonClient("client:call", ("client:RefusedError", "client:Names.InnerError"))
    with in_folder({"client.py": ACTING}):
        yield from results(cases, lambda _: client, acting)


def commands(cases: Iterable[Case]) -> Iterator[str]:
    """Yield how runs of a command end that first requests the mutant."""

    def client(case: Case) -> Client:
        return CommandClient(("sh", "-c", f"{sys.executable} request.py; {case.text}"))

    with in_folder({"request.py": REQUEST}):
        yield from results(cases, client, lambda _: mutant("1"))


def results(
    cases: Iterable[Case], client: Callable[[Case], Client], given: Callable[[str], Mutant]
) -> Iterator[str]:
    """Yield how each call ends. Calls that hang run at the same time, each in its own process."""
    listed = list(cases)
    with ExitStack() as stack:
        server = stack.enter_context(KitServer(FakeCatalogue(())))
        hanging = stack.enter_context(ThreadPoolExecutor(8))

        def run(case: Case, caller: Caller | None = None) -> Result:
            own = caller or client(case).caller(HANGS if "hang" in case.group else 60)
            with ExitStack() as closing:
                if own is not caller:
                    closing.callback(own.close)
                return run_mutant(server, own, evolve(given(case.text), id=f"{id(case)}"))

        later = {case: hanging.submit(run, case) for case in listed if "hang" in case.group}
        shared = client(listed[0]).caller(60)
        stack.callback(shared.close)
        for case in listed:
            is_shared = client(case) == client(listed[0])
            found = later[case].result() if case in later else run(case, shared if is_shared else None)
            yield shown(found)


def shown(found: Result) -> str:
    texts = (found.detail, found.returned.text, found.returned.not_comparable, *found.advice)
    detail, returned, reason, *advice = (ascii(each)[1:-1] for each in texts)
    parts = [f"{found.outcome}", detail and f": {detail}", returned and f", returned {returned[:200]}"]
    return "".join([*parts, reason and f", not comparable: {reason}", *(f"; {each}" for each in advice)])


def unusable(cases: Iterable[Case]) -> Iterator[str]:
    """Yield why a client can't be used: `FUNCTION ERRORS; MODULE`."""
    for case in cases:
        names, _, module = case.text.partition("; ")
        function, *refuses = names.split()
        with in_folder({"client.py": unescaped(module).decode()}):
            yield refusal(PythonClient(function, tuple(refuses)))


def refusal(client: Client) -> str:
    try:
        client.caller(20).close()
    except KitError as error:
        return f"{type(error).__name__}: {error}"
    return "usable"


@contextmanager
def in_folder(files: dict[str, str]) -> Iterator[None]:
    """Run in a new folder with these files, and with settings that a client must not see."""
    with TemporaryDirectory() as name, chdir(name), pytest.MonkeyPatch.context() as patch:
        for each in [each for each in os.environ if each.lower() == "no_proxy"]:
            patch.delenv(each)
        for variable, value in OUTSIDE.items():
            patch.setenv(variable, value)
        for path, text in files.items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_text(text)
        yield
