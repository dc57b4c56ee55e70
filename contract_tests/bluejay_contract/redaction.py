"""What a report may say of a live response: how it is built, and nothing of what was said in it."""

from __future__ import annotations

import ast
import json
import re

import attrs
from attrs import field, frozen
from bluejay_results._secrets import Secret

from .failure import Failure, excerpt, shown

_WORDS = 3
_CHARACTERS = 40
_URL = re.compile(r"://|\?\S*=")
_QUOTED_KEY = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_PLAIN_KEY = re.compile(r"(?<=\.)\w+")


@frozen
class Redaction:
    """Leaves numbers, structure and the short words that a report is about, such as a status.

    A string of more than a few words, a URL (its path and its query can be credentials) and the API key
    become a description of themselves.
    """

    key: Secret = field(repr=False)

    def received(self, value: object) -> str:
        """Return a value of the response's on one line."""
        kept = excerpt(value, self._text)
        is_redacted = isinstance(value, str) and kept != value
        return str(kept) if is_redacted else shown(json.dumps(kept, ensure_ascii=False))

    def failure(self, failure: Failure) -> Failure:
        """Return a failure whose path tells of odd keys only that they are there."""
        path = _QUOTED_KEY.sub(lambda match: repr(self._text(ast.literal_eval(match[0]))), failure.path)
        return attrs.evolve(failure, path=_PLAIN_KEY.sub(lambda match: self._text(match[0]), path))

    def _text(self, text: str) -> str:
        if _URL.search(text):
            return f"a URL of {len(text)} characters"
        is_short = len(text) <= _CHARACTERS and len(text.split()) <= _WORDS
        is_free_of_key = self.key.redact(text) == text
        return text if is_short and is_free_of_key else f"a string of {len(text)} characters"
