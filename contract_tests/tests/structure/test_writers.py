"""Only one module in the overlay writes to stdout and stderr, so that no line escapes its checks."""

import ast
from collections.abc import Iterator
from pathlib import Path

from contract_kit.tests.tables import table

OVERLAY = Path(__file__).parents[3] / "overlay" / "bluejay_results"
STREAMS = OVERLAY / "writing" / "streams.py"
OTHER_WRITERS = {
    OVERLAY / "cli" / "connection.py": {"StreamHandler"},  # the log's own lines start with the time
    OVERLAY / "cli" / "progress.py": {"Progress", "print"},  # rich draws the bar; texts are `terminal_safe`
}
WRITERS = {
    *("print", "echo", "secho", "writelines", "StreamHandler", "Progress", "print_exc", "print_exception"),
}
HARMLESS = {"isatty", "fileno", "encoding"}
"""Stream attributes that any module may use, because they don't write."""


def _writers(source: str) -> Iterator[str]:
    """Yield each function that writes to a standard stream, and each stream that is passed on."""
    asked = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in HARMLESS:
            asked.add(node.value)
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name.rpartition(".")[2] in WRITERS or name in {"os.write", "warnings.warn"}:
                yield name.rpartition(".")[2]
        is_stream = isinstance(node, ast.Attribute) and ast.unparse(node).strip("_") in {
            f"sys.{underscores}{name}" for underscores in ("", "__") for name in ("stdout", "stderr")
        }
        if is_stream and node not in asked:
            yield ast.unparse(node)


def test_only_one_module_writes_to_stdout_and_stderr() -> None:
    found = {
        path: set(_writers(path.read_text())) - OTHER_WRITERS.get(path, set())
        for path in OVERLAY.rglob("*.py")
        if path != STREAMS
    }
    assert {path: writers for path, writers in found.items() if writers} == {}


@table(
    "source",
    [
        "print(1)",
        "sys.stderr.write('')",
        "stream = sys.stdout",
        "sys.__stdout__.write('')",
        "sys.stdout.buffer.write(b'')",
        "typer.echo('')",
        "console.print('')",
        "os.write(2, b'')",
        "logging.StreamHandler()",
    ],
)
def test_the_search_for_writers_finds_every_way_to_write_to_a_stream(source: str) -> None:
    assert list(_writers(source))
