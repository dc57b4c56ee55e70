"""Reads the page about generated clients, so that the league uses exactly the documented commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from attrs import frozen
from benchmarks.corpus.documents import ROOT

_PAGE = ROOT / "docs" / "contract-kit-generated.md"
_FILE = re.compile(r"Save this as `(.+?)`.*?```js\n(.*?)```", re.DOTALL)


@frozen
class Steps:
    """A client's section on the page.

    Attributes:
        files: The generator's configuration files: their contents, by name.
        install: The command that installs the generator.
        generate: The commands that generate the client.
        client: The value of `--generated`.
    """

    files: dict[str, str]
    install: tuple[str, ...]
    generate: tuple[tuple[str, ...], ...]
    client: str

    def write(self, folder: Path) -> None:
        """Write the files that the generator reads."""
        for name, text in self.files.items():
            (folder / name).write_text(text, encoding="utf-8")


def read_page() -> dict[str, Steps]:
    """Return the steps in each section, by section title."""
    found = {}
    for section in _PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        if commands := re.search(r"```sh\n(.*?)```", text, re.DOTALL):
            install, *generate, test = (tuple(shlex.split(each)) for each in commands[1].splitlines())
            found[title] = Steps(dict(_FILE.findall(text)), install, tuple(generate), test[-1])
    return found
