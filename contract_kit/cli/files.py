"""Writes files completely or not at all. Devices and pipes are written to, but never replaced."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path

from contract_kit.errors import KitError


def check_writable(outputs: Mapping[str, Path], inputs: Mapping[str, Path]) -> None:
    """Check that each option's file can be written, without changing it, and isn't one of the inputs.

    Raises:
        KitError: One of the files can't be written, or two options name the same file.
    """
    options = {path.resolve(): option for option, path in inputs.items()}
    for option, path in outputs.items():
        if (other := options.setdefault(path.resolve(), option)) != option:
            raise KitError(f"{other} and {option} name the same file, {path}. Choose another path for one.")
    with ExitStack() as temporary:
        _write(dict.fromkeys(outputs.values(), b""), temporary)


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write all of these files, or none of them.

    Raises:
        KitError: One of the files can't be written.
    """
    with ExitStack() as temporary:
        for beside, target in _write(contents, temporary).items():
            beside.replace(target)


def check_folder(folder: Path, names: Collection[str]) -> None:
    """Check that a folder is new, or contains nothing but regular files with these names.

    Raises:
        KitError: The folder contains any other file or a link, or isn't a folder.
    """
    if folder.exists() and not folder.is_dir():
        raise KitError(f"{folder} isn't a folder. Choose a new folder.")
    for each in sorted(folder.rglob("*")):
        if each.is_symlink() or each.relative_to(folder).as_posix() not in names:
            raise KitError(
                f"{each} doesn't belong to an earlier export. Remove it, or choose another folder."
            )


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write all of these files, or none of them.

    Raises:
        KitError: The folder or one of the files can't be written.
    """
    with ExitStack() as made:
        if not folder.exists():
            try:
                folder.mkdir()
            except OSError as error:
                raise KitError(f"{folder}: {error.strerror}. Choose another path.") from None
            made.callback(folder.rmdir)
        write_files({folder / name: content for name, content in contents.items()})
        made.pop_all()


def _write(contents: Mapping[Path, bytes], temporary: ExitStack) -> dict[Path, Path]:
    """Write the files, regular files under temporary names. Return the final path for each temporary name."""
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
            raise KitError(f"{path}: {error.strerror}. Choose another path.") from None
    return moves
