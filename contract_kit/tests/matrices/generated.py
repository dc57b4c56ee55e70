"""Tables of generated clients: what becomes of each layout, and which clients can't be used."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from contract_kit.derive.catalogue import Catalogue
from contract_kit.errors import KitError
from contract_kit.judge.client_run import run_mutants
from contract_kit.judge.controls import Controls
from contract_kit.serve.clients import WorkerClient
from contract_kit.serve.generated import doubt_about, worker_of

from ..command import DOCUMENT
from .calls import in_folder
from .texts import Case, files

CLIENTS = Path(__file__).parents[1] / "generated_clients.txt"
CHOSEN = re.compile(
    ":(number-as-text:/id|required:/id|null:/note|truncated|cut|status=418|content-type=html)$"
)
FIRST_PARAMETER = "schema: {type: integer}}\n"
SECOND = '        - {name: "id[]", in: query, schema: {type: array, items: {type: string}}, required: true}\n'
BODY = "content: *order"
OWN_BODY = "content: {application/json: {schema: {type: object}}}"
ORDERS = Path("shop/api/orders")
FUNCTIONS = ("get_order.py", "create_order.py")


def orders(*changes: tuple[str, str]) -> None:
    """Change the document."""
    text = DOCUMENT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    Path("orders.yaml").write_text(text)


def rename(name: str) -> None:
    orders(("      operationId: getOrder\n", ""))
    (ORDERS / "get_order.py").rename(ORDERS / name)


CHANGES: dict[str, Callable[[], object]] = {
    "": lambda: None,
    "no function for createOrder": lambda: (ORDERS / "create_order.py").unlink(),
    "no package of the adapter": lambda: Path("httpx.py").write_text("import absent_package"),
    "no functions": lambda: [ORDERS.joinpath(each).rename(f"{each}.old") for each in FUNCTIONS],
    "no operationId, named by method": lambda: rename("get_orders_id.py"),
    "no operationId, named by path": lambda: rename("orders_id_get.py"),
    "a parameter with a similar name": lambda: orders((FIRST_PARAMETER, FIRST_PARAMETER + SECOND)),
    "a response with its own schema": lambda: orders(
        (BODY, "content: {application/json: {schema: {type: object}}}")
    ),
}


def python(cases: Iterable[Case]) -> Iterator[str]:
    """Yield what each Python client does: `CLIENT; CHANGE`."""
    more = {"broken.py": "1 / 0", "models.py": "", "needy.py": "import absent_package"}
    return results(cases, {each: own | more for each, own in clients().items()})


def clients() -> dict[str, dict[str, str]]:
    """Return the files of a small client in each Python generator's layout."""
    found: dict[str, dict[str, str]] = {}
    for name, text in files(CLIENTS).items():
        generator, _, path = name.partition(" ")
        found.setdefault(generator, {})[f"shop/{path}"] = text
    return found


def results(cases: Iterable[Case], layouts: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Yield the verdicts on each client's mutants, or why it can't be used."""
    for case in cases:
        client, _, change = case.text.partition("; ")
        layout = layouts.get(client.partition(":")[0], next(iter(layouts.values())))
        with in_folder({**layout, "orders.yaml": DOCUMENT}):
            CHANGES[change]()
            yield outcome(client)


def outcome(client: str) -> str:
    """Return the verdicts on some mutants of each operation, or the error."""
    try:
        worker = WorkerClient(worker_of(client, None))
        catalogue = Catalogue.load("orders.yaml")
        mutants = [each for each in catalogue.mutants() if CHOSEN.search(each.id)]
        found = run_mutants(catalogue, worker, mutants, 1, 60, None, Controls(catalogue))
    except KitError as error:
        return f"{type(error).__name__}: {error}".replace(f"{Path.cwd()}", "FOLDER")
    controls = (f"{each.mutant.id} {each.verdict}: {each.detail}" for each in found.controls)
    return "\n".join(["", *controls, *(f"{each.mutant.id} {each.verdict}" for each in found.all)])


def versions(cases: Iterable[Case]) -> Iterator[str]:
    """Yield the warning about an installed version of a generator: `GENERATOR VERSION`."""
    for case in cases:
        name, _, version = case.text.partition(" ")
        about = f"packages/{name.replace('-', '_')}-1.dist-info/METADATA"
        files = (
            {about: f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"} if version else {"x": ""}
        )
        with in_folder(files), pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", f"{Path('packages').absolute()}")
            yield doubt_about(f"{name}:shop", None) or "no warning"
