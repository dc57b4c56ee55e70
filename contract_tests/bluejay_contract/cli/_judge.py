"""From a file, or what else a command names, to a report about it."""

from __future__ import annotations

import gc

from bluejay_results.cli.source import is_saved, run_id_in

from bluejay_contract.checks import RULES, check, inapplicable_rules
from bluejay_contract.contract import Contract
from bluejay_contract.reports import Report

from ._options import Options
from ._source import name, saved


def judged(source: str, options: Options) -> Report:
    """Judge a file, standard input, or a run read by one request.

    Raises:
        BluejayError: It can't be read.
    """
    if not is_saved(source):
        from ._service import judged_read  # loaded late: it brings the HTTP stack

        return judged_read(run_id_in(source), options)
    gc.disable()  # a document is a million objects and no cycle: looking for one takes most of the time
    contract = Contract.load()
    exchange = saved(source, options.max_bytes)
    failures, inapplicable = tuple(check(contract, exchange)), inapplicable_rules(contract, [exchange])
    return Report(name(source), contract.version, RULES, failures, inapplicable, strict=options.strict)
