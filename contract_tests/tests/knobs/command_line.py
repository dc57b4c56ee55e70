"""What each option, argument and variable of the command changes, in `kept/command.txt`.

Only this text contains the command lines. To add a case, add one of these lines, and run `make findings`:

```text
== LINE ++ WORDS  what LINE followed by these words does otherwise
== LINE -> OTHER  what another command line does otherwise
== LINE ~~ WORDS  LINE followed by these words, which express a default, does the same
```
"""

import re
from collections.abc import Iterator
from pathlib import Path

import bluejay_results
from attrs import frozen

from .world import Effects, difference, effects

KEPT = Path(__file__).parent / "kept" / "command.txt"


@frozen
class Case:
    """Two command lines, and whether the second expresses what is the default in the first."""

    title: str
    before: str
    after: str
    is_default: bool

    def differs(self, effect: Effects) -> list[str]:
        """Return what the second line does otherwise."""
        return difference(effect(self.before), effect(self.after))


def cases() -> list[Case]:
    """Return the cases in the text."""
    titles = [each for each in KEPT.read_text().splitlines() if each.startswith("== ")]
    return [_case(each) for each in titles]


def _case(title: str) -> Case:
    before, sign, words = re.split(r" (\+\+|->|~~) ", title.removeprefix("== "))
    return Case(title, before, words if sign == "->" else f"{before} {words}", sign == "~~")


def variables() -> set[str]:
    """Return the names of the environment variables that the package reads, or that its help names."""
    sources = "".join(each.read_text() for each in Path(bluejay_results.__file__).parent.rglob("*.py"))
    pattern = (
        r"environ(?:\.get\(|\[)\"(\w+)\"|\"(\w+)\" in os\.environ|_appended\(\"(\w+)\"|^  ([A-Z_]{5,})  "
    )
    return {name for names in re.findall(pattern, sources, re.MULTILINE) for name in names if name}


def written() -> Iterator[str]:
    """Yield the lines of the text, made anew."""
    with effects() as effect:
        for case in cases():
            yield case.title
            yield from (f"  {each}" for each in case.differs(effect))


if __name__ == "__main__":
    KEPT.write_text("".join(f"{each}\n" for each in [*written()]))
