"""Redacts live responses for reports: keeps their structure and replaces their text."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable

import attrs
from attrs import field, frozen

from .failure import Failure, excerpt, shown

_WORDS = 3
_CHARACTERS = 40
_URL = re.compile(r"://|\?[^\s?]*=")
_QUOTED_KEY = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_PLAIN_KEY = re.compile(r"(?<=\.)\w+")


@frozen
class Redaction:
    """Keeps the structure, numbers and short strings such as a status, and replaces other strings.

    A string is replaced by its type and length if it has more than three words or 40 characters, if it is a
    URL, because its path and query can be credentials, or if it contains the API key, which `redact` masks.
    """

    redact: Callable[[str], str] = field(repr=False)

    def received(self, value: object) -> str:
        """Redact a value from a response and format it on one line."""
        kept = excerpt(value, self._text)
        is_redacted = isinstance(value, str) and kept != value
        return str(kept) if is_redacted else shown(json.dumps(kept, ensure_ascii=False))

    def failure(self, failure: Failure) -> Failure:
        """Redact unusual keys in a failure's JSON path; return the failure."""
        path = _QUOTED_KEY.sub(lambda match: repr(self._text(ast.literal_eval(match[0]))), failure.path)
        return attrs.evolve(failure, path=_PLAIN_KEY.sub(lambda match: self._text(match[0]), path))

    def _text(self, text: str) -> str:
        if _URL.search(text):
            return f"a URL of {len(text)} characters"
        is_short = len(text) <= _CHARACTERS and len(text.split()) <= _WORDS
        is_free_of_key = self.redact(text) == text
        return text if is_short and is_free_of_key else f"a string of {len(text)} characters"
