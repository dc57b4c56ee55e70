"""Makes a report about a file or a run."""

from __future__ import annotations

import gc

from bluejay_results.cli.source import is_saved, source_name
from bluejay_results.results.app_url import run_id_in

from bluejay_contract import live
from bluejay_contract.checks import RULES, SEQUENCE_RULES, check, inapplicable_rules
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.reports import Report

from .options import Options
from .source import saved


def judged(source: str, options: Options) -> Report:
    """Judge a file, standard input, or a run read by one request.

    Raises:
        BluejayError: The source can't be read.
    """
    if not is_saved(source):
        from .service import judged_read  # loaded late: it brings the HTTP stack

        return judged_read(run_id_in(source), options)
    gc.disable()  # a document has a million objects and no cycles, and the search for cycles takes long
    contract = Contract.load()
    exchanges = saved(contract, source)
    if exchanges[0].request.entry:
        return _of_recording(contract, exchanges, source_name(source), strict=options.strict)
    failures, inapplicable = tuple(check(contract, exchanges[0])), inapplicable_rules(contract, exchanges)
    return Report(source_name(source), contract.version, RULES, failures, inapplicable, strict=options.strict)


def _of_recording(contract: Contract, exchanges: list[Exchange], source: str, *, strict: bool) -> Report:
    return Report(
        source,
        contract.version,
        (*RULES, *SEQUENCE_RULES),
        live.failures(contract, exchanges),
        live.inapplicable(contract, exchanges),
        refusal=live.refusal(contract, exchanges),
        under_way=live.under_way(exchanges),
        strict=strict,
    )
