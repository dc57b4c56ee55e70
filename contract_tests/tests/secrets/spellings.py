"""Every way to spell a key in JSON and in percent-encoding."""

import json
from urllib.parse import quote

from hypothesis import strategies as st

from .canary import KEY

_DOTNET, _GO = "\"&'+<>\\`", "<>&"
_BACKSLASH = {'"': r"\"", "\\": r"\\"}


def _escaped(char: str, form: str = "04x") -> str:
    return f"\\u{ord(char):{form}}"


SPELLINGS = {
    "Python": json.dumps(KEY)[1:-1],
    "PHP": json.dumps(KEY)[1:-1].replace("/", r"\/"),
    ".NET": "".join(_escaped(each, "04X") if each in _DOTNET else each for each in KEY),
    "Go": "".join(_escaped(each) if each in _GO else _BACKSLASH.get(each, each) for each in KEY),
    "only escapes": "".join(map(_escaped, KEY)),
    "only escapes in upper case": "".join(_escaped(each, "04X") for each in KEY),
    "JSON in JSON": json.dumps(json.dumps(KEY)[1:-1].replace("/", r"\/"))[1:-1],
    "percent-encoding": quote(KEY, safe=""),
    "percent-encoding of some characters": json.dumps(quote(KEY, safe="/+="))[1:-1],
    "percent-encoding in lower case": "".join(
        f"%{ord(each):02x}" if each in '/+"&<=%' else each for each in KEY
    ),
}
"""The canary as a JSON string, as several languages' encoders write it, by encoder."""


def in_json(key: str) -> st.SearchStrategy[str]:
    """Return a strategy for JSON spellings of a key that mix all ways to write its characters."""
    return st.tuples(*map(_ways, key)).map("".join)


def _ways(char: str) -> st.SearchStrategy[str]:
    escapes = [json.dumps(char)[1:-1], _escaped(char), _escaped(char, "04X")]
    return st.sampled_from([*escapes, r"\/"] if char == "/" else escapes)
