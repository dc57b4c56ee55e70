"""Decides which regular expressions in schemas can be asserted, and builds strings that match them.

Patterns use ECMA-262 syntax, which `regress` implements. Strings are built from the syntax tree of Python's
own parser. A pattern isn't asserted if one of the parsers or jsonschema-rs doesn't support it.
"""

from __future__ import annotations

import contextlib
import functools
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from re import _constants as codes
from re import _parser as parser
from string import ascii_letters
from typing import Any

import jsonschema_rs
import regress

from contract_kit.errors import UncoverableError

NOT_ECMA, BACKTRACKS = "it is not a valid ECMA-262 regular expression", "it backtracks for too long"
_ORDINARY = ("text", "Text", "a", "A", "7", "text7", "TEXT7", "text-7", "text text", "L", "é", "-", " ", "")
_SECONDS = 20
"""The maximum number of seconds to wait for the process that tries a pattern. On most systems, a limit on CPU
time ends it much earlier."""
_PUMP = 40
_MOST_PUMPED = 20
_MOST = 200
_LONGEST = 100_000
"""The maximum length of a repeated part of a string, because a pattern can require gigabytes."""
_PROBE = """
import sys, regress, re
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
except ImportError:
    pass
pattern, texts = sys.argv[1], sys.argv[2:-1]
found = [regress.Regex(pattern, "u").find(text) and re.search(pattern, text) for text in texts]
sys.exit(not all(found) if sys.argv[-1] == "found" else 0)
"""
_LETTERS, _DIGITS = ascii_letters, "2345689"
"""The characters to choose from, without the digits 0, 1 and 7, which valid values avoid."""
_CATEGORIES = {
    codes.CATEGORY_DIGIT: (r"\d", _DIGITS),
    codes.CATEGORY_NOT_DIGIT: (r"\D", _LETTERS),
    codes.CATEGORY_SPACE: (r"\s", " "),
    codes.CATEGORY_NOT_SPACE: (r"\S", _LETTERS),
    codes.CATEGORY_WORD: (r"\w", _LETTERS),
    codes.CATEGORY_NOT_WORD: (r"\W", "-"),
}
"""The notation for each character category, and some of its characters."""
_UNPARSED = (re.error, RecursionError, OverflowError)
"""The exceptions that Python's parser raises."""
_PROPERTY = re.compile(r"\\([pP])")
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)
_CANDIDATES = [*"a7A-_. /:@#,;+=%&*(){}[]<>!?|~^$\"'\\`", "é", "\n"]


@functools.cache
def distrust(pattern: str) -> str:
    """Return the reason why a pattern can't be asserted, in a few words, or "" if it can be."""
    try:
        compiled(pattern)
    except regress.RegressError:
        return NOT_ECMA
    try:
        tree = parser.parse(pattern)
    except _UNPARSED:
        return "Python's parser does not understand it"
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except jsonschema_rs.ValidationError:
        return "a validator can't compile it"
    if _has_nested_repeats(tree) and _hangs(pattern):
        return BACKTRACKS
    return ""


@functools.cache
def compiled(pattern: str) -> regress.Regex:
    """Compile a pattern as ECMA-262 in Unicode mode."""
    return regress.Regex(pattern, "u")


def matches(pattern: str, text: str) -> bool:
    """Whether a string contains a match for a pattern."""
    return compiled(pattern).find(text) is not None


@functools.cache
def example(pattern: str, shortest: int = 0, longest: int | None = None, seed: int = 0) -> str:
    """Return a string that matches a pattern, with a length between two bounds.

    If possible, different seeds produce different strings.

    Raises:
        UncoverableError: No such string was found.
    """
    return _found(pattern, shortest, longest, keeps, seed)


def _found(
    pattern: str,
    shortest: int,
    longest: int | None,
    is_match: Callable[[str, str], bool],
    seed: int = 0,
) -> str:
    for text in _attempts(pattern, shortest, longest, seed):
        for candidate in (text, text.ljust(shortest, "a"), text.ljust(shortest, "7")):
            fits = shortest <= len(candidate) and (longest is None or len(candidate) <= longest)
            is_text = not any("\ud800" <= each <= "\udfff" for each in candidate)  # no surrogates
            if fits and is_text and is_match(pattern, candidate):
                return candidate
    raise UncoverableError(f"No string was found that matches {pattern}.")


def _attempts(pattern: str, shortest: int, longest: int | None, seed: int) -> Iterator[str]:
    try:
        tree = _parsed(pattern)
    except _UNPARSED:
        yield from _ORDINARY
        try:
            tree = _parsed(_PROPERTY.sub(r"\1", pattern))  # without Unicode, \p{L} is p{L}
        except _UNPARSED:
            return
    for repeats in (1, 0, 2, *sorted({shortest, min(longest or shortest, _MOST)})):
        yield _written(tree, repeats, seed)


@functools.lru_cache(maxsize=4096)
def keeps(pattern: str, text: str) -> bool:
    r"""Whether a string matches a pattern, within the time limit, in each engine that can parse the pattern.

    Some engines use ECMA-262 without Unicode mode, in which `\p{L}` is a `p` followed by `{L}`.
    """
    reason = distrust(pattern)
    if reason == BACKTRACKS:
        command = [sys.executable, "-c", _PROBE, pattern, text, "found"]
        return "\0" not in text and _is_done_in_time(command)
    found = [reason == NOT_ECMA or matches(pattern, text)]
    if reason:
        with contextlib.suppress(regress.RegressError):
            found.append(_without_unicode(pattern).find(text) is not None)
        with contextlib.suppress(*_UNPARSED):
            found.append(re.search(pattern, text) is not None)
    return all(found)


@functools.cache
def _without_unicode(pattern: str) -> regress.Regex:
    return regress.Regex(pattern)


_parsed = functools.lru_cache(maxsize=1024)(parser.parse)


def _written(tree: Iterable[tuple[Any, Any]], repeats: int, seed: int) -> str:
    return "".join(_item(code, argument, repeats, seed) for code, argument in tree)


def _item(code: Any, argument: Any, repeats: int, seed: int) -> str:
    if code is codes.LITERAL:
        return chr(argument)
    if code is codes.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if code is codes.ANY:
        return _chosen(_LETTERS, seed)
    if code is codes.IN:
        return _one_of(argument, seed)
    if code is codes.BRANCH:
        return _written(argument[1][0], repeats, seed)
    if code is codes.SUBPATTERN:
        return _written(argument[3], repeats, seed)
    if code in _REPEATS:
        fewest, most, inner = argument
        times: int = max(fewest, min(most, repeats))
        text = _written(inner, repeats, seed)
        return text * min(times, _LONGEST // max(len(text), 1) + 1)
    return ""


def _one_of(items: list[tuple[Any, Any]], seed: int) -> str:
    if items[0][0] is codes.NEGATE:
        return next((each for each in _CANDIDATES if not any(_is_in(each, *item) for item in items[1:])), "")
    code, argument = items[0]
    if code is codes.LITERAL:
        return chr(argument)
    if code is codes.CATEGORY:
        return _chosen(_CATEGORIES[argument][1], seed)
    first, last = map(chr, argument)
    return _chosen([each for each in _LETTERS + _DIGITS if first <= each <= last] or [first], seed)


def _chosen(characters: Sequence[str], seed: int) -> str:
    return characters[seed % len(characters)]


def _is_in(character: str, code: Any, argument: Any) -> bool:
    if code is codes.LITERAL:
        return bool(ord(character) == argument)
    if code is codes.RANGE:
        return bool(argument[0] <= ord(character) <= argument[1])
    return re.fullmatch(_CATEGORIES[argument][0], character) is not None


def _has_nested_repeats(tree: Iterable[tuple[Any, Any]], inside: bool = False) -> bool:
    for code, argument in tree:
        if code in _REPEATS:
            fewest, most, inner = argument
            unbounded = most - fewest > _PUMP
            if (inside and unbounded) or _has_nested_repeats(inner, inside or unbounded):
                return True
        elif code is codes.SUBPATTERN:
            if _has_nested_repeats(argument[3], inside):
                return True
        elif code is codes.BRANCH and (inside or any(map(_has_nested_repeats, argument[1]))):
            return True
    return False


def _hangs(pattern: str) -> bool:
    """Whether matching a pattern takes too long for strings that almost match.

    The matching runs in a process that can be killed.
    """
    try:
        base = _found(pattern, 0, None, matches)
    except UncoverableError:
        base = "a"
    texts = [base * _PUMP + "!", *(each * _PUMP + "\x00" for each in dict.fromkeys(base))][:12]
    for index, each in enumerate(base[:_MOST_PUMPED]):
        texts.append(base[:index] + each * _PUMP + base[index + 1 :] + "\x00")
    shown = [text.replace("\x00", "\x01") for text in texts]
    return not _is_done_in_time([sys.executable, "-c", _PROBE, pattern, *shown, "done"])


def _is_done_in_time(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, timeout=_SECONDS, capture_output=True, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
