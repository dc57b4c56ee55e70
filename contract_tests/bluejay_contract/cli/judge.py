"""Makes a report about a file or a run."""

from __future__ import annotations

import gc

from bluejay_results.cli.connection import Connection
from bluejay_results.cli.source import is_saved, source_name
from bluejay_results.results.app_url import run_id_in

from bluejay_contract.contract import Contract
from bluejay_contract.judging import report
from bluejay_contract.reports import Report

from .source import saved


def judged(source: str, connection: Connection, *, strict: bool) -> Report:
    """Judge a file, standard input, or a run read by one request.

    Raises:
        BluejayError: The source can't be read.
    """
    if not is_saved(source):
        from .service import judged_read  # loaded late: it imports the HTTP stack

        return judged_read(run_id_in(source), connection, strict=strict)
    gc.disable()  # the collector would search a million objects for reference cycles, but JSON has none
    contract = Contract.load()
    return report(contract, saved(source), source_name(source), strict=strict)
