"""All cases by name, ordered by group."""

from __future__ import annotations

import sys
from functools import partial

from . import decode, export, fetch, growth, pages, reread, retrieve, startup
from .build import ROOT
from .case import Case, run, timed

_CHECK_GENERATED = (sys.executable, str(ROOT / "codegen" / "generate.py"), "--check")
_PROVE = ("make", "mutants")
_OWN = [
    Case(
        "development",
        "make check-generated",
        partial(timed, partial(run, *_CHECK_GENERATED)),
        values=1,
        rounds=3,
    ),
    Case("development", "make mutants", partial(timed, partial(run, *_PROVE)), values=1, rounds=1),
]
_ALL = [
    *decode.CASES,
    *retrieve.CASES,
    *pages.CASES,
    *reread.CASES,
    *fetch.CASES,
    *startup.CASES,
    *export.CASES,
    *growth.CASES,
    *_OWN,
]

CASES: dict[str, Case] = {case.name: case for case in _ALL}
