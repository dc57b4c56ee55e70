"""Writes files completely or not at all. A device or a pipe is written to, but never replaced."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path

from contract_kit.errors import KitError


def check_writable(paths: Collection[Path]) -> None:
    """Check that files can be written, without changing them.

    Raises:
        KitError: One of the files can't be written.
    """
    with ExitStack() as temporary:
        _write(dict.fromkeys(paths, b""), temporary)


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write all of these files, or none of them.

    Raises:
        KitError: One of the files can't be written.
    """
    with ExitStack() as temporary:
        for beside, target in _write(contents, temporary).items():
            beside.replace(target)


def check_empty(folder: Path) -> None:
    """Check that a folder doesn't exist or is empty.

    Raises:
        KitError: The path has files, or isn't a folder.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise KitError(f"{folder} isn't an empty folder. Name a new folder, or remove what it contains.")


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write all of these files, or none, into a new or empty folder. Their paths are relative to the folder.

    Raises:
        KitError: The folder or one of the files can't be written.
    """
    files = {folder / name: content for name, content in contents.items()}
    with ExitStack() as made:
        for each in sorted({folder, *(file.parent for file in files)}):
            if not each.exists():
                try:
                    each.mkdir()
                except OSError as error:
                    said = f"{each}: {error.strerror}. Give a folder that can be written."
                    raise KitError(said) from None
                made.callback(each.rmdir)
        write_files(files)
        made.pop_all()


def _write(contents: Mapping[Path, bytes], temporary: ExitStack) -> dict[Path, Path]:
    """Write the files; regular files get temporary names. Return the final path for each temporary name."""
    moves: dict[Path, Path] = {}
    for path, content in contents.items():
        written = target = path.resolve()
        if target.is_file() or not target.exists():
            written = target.with_name(f".contract-kit-{os.urandom(8).hex()}")
            temporary.callback(written.unlink, missing_ok=True)
            moves[written] = target
        try:
            written.write_bytes(content)
        except OSError as error:
            raise KitError(f"{path}: {error.strerror}. Give a file that can be written.") from None
    return moves
