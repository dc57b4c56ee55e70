"""Reads the cases in a YAML file, whose words are names in Python.

`{word: [a, b], key: c}` is the call `word(a, b, key=c)`; a single argument needs no list, and `like` gives
more keys. `$WORD` is a constant. In a list, `{3 times: a}` is a, a, a, and `{all of: a}` is all items of a.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

TIMES = re.compile(r"(\d+) times")


def cases(file: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each case in a file of this folder stands for, by the case's name."""
    written = yaml.safe_load(Path(__file__).with_name(file).read_text())
    return {name: made(each, words) for name, each in written.items()}


def made(written: Any, words: Mapping[str, Any]) -> Any:
    if isinstance(written, str):
        return words[written[1:]] if written.startswith("$") else written
    if isinstance(written, list):
        return [item for each in written for item in _items(each, words)]
    if not isinstance(written, dict):
        return written
    word, *keys = written or [""]
    if word not in words:
        return {key: made(each, words) for key, each in written.items()}
    given = made(written[word], words)
    named = {key: made(written[key], words) for key in keys}
    return words[word](*(given if isinstance(given, list) else [given]), **named.pop("like", {}), **named)


def _items(written: Any, words: Mapping[str, Any]) -> Iterator[Any]:
    name, *others = written if isinstance(written, dict) and written else [""]
    times = TIMES.fullmatch(str(name))
    if others or not (times or name == "all of"):
        yield made(written, words)
    elif times:
        yield from made([written[name]], words) * int(times[1])
    else:
        yield from made(written[name], words)
