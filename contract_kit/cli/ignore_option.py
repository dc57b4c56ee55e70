"""Reads the names of faults to ignore. `judge/fields.py` matches them against the faults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from contract_kit.derive.catalogue import Catalogue
from contract_kit.errors import KitError
from contract_kit.judge.fields import GENERAL, UNDER, field_at, locations_above
from contract_kit.read.document import nearest
from contract_kit.terminal import terminal_safe

_COMMENT = re.compile(r"(^|\s)#.*")


def read_ignored(given: Sequence[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Return the names of the faults to ignore, from option values and the files that they refer to.

    Args:
        given: Names, or `@` followed by the path of a file with one name per line. A comment starts with `#`
            after a space or at the start of a line. A name is a keyword, a mutation operator, a field as
            printed in the list of faults, a schema's location, or such a location followed by `/**`.
        catalogue: The catalogue of the document that contains the fields and the schemas.

    Raises:
        KitError: A file can't be read, or a name doesn't occur in the document.
    """
    entries = list(_entries(given))
    if all(entry in GENERAL for _, entry in entries):
        return tuple(entry for _, entry in entries)
    locations = catalogue.schema_locations()
    fields = {named for each in locations if (named := field_at(each))}
    under = {f"{above}{UNDER}" for each in locations for above in locations_above(each)}
    operations = tuple(f"{terminal_safe(each.id)} " for each in catalogue.listed)
    for where, entry in entries:
        if not (entry in GENERAL | fields | locations | under or entry.startswith(operations)):
            near = nearest(entry, [*(locations if "/" in entry else GENERAL | fields)])
            known = f"keyword, mutation operator, field or schema of the document's {catalogue.role.several}"
            advice = near or " To find a row's field, see the JSON report."
            raise KitError(f"{where}{entry!r} isn't a {known}, so it can't be ignored.{advice}")
    return tuple(entry for _, entry in entries)


def _entries(given: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each name, preceded by its origin: a line in a file, or an empty string for an option."""
    for value in given:
        if not value.startswith("@"):
            yield "", " ".join(value.split())
            continue
        path = Path(value[1:])
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise KitError(
                f"{path}: {error.strerror}. Pass a file that contains the names to ignore."
            ) from None
        except UnicodeDecodeError:
            raise KitError(f"{path} isn't UTF-8. Save it as UTF-8.") from None
        for number, line in enumerate(lines, 1):
            if entry := " ".join(_COMMENT.sub("", line).split()):
                yield f"{path}, line {number}: ", entry
