"""Reads what a command judges: a file, standard input, or a response of the service."""

from __future__ import annotations

from bluejay_results.cli.source import saved_bytes, source_name
from bluejay_results.errors import UsageError
from contract_kit.errors import KitError

from bluejay_contract.exchange import Exchange
from bluejay_contract.har import is_har, read_har


def saved(source: str) -> list[Exchange]:
    """Read a saved response, or each response of a recording.

    Raises:
        UsageError: The source can't be read, is over the limit, or is a HAR file without a response to check.
    """
    try:
        data = saved_bytes(source)
    except OSError as error:
        advice = "Give a run id, the file of a saved response, or - for standard input."
        raise UsageError(f"{source_name(source)}: {error.strerror}. {advice}") from None
    if not is_har(data):
        return [Exchange.saved(data, source)]
    try:
        exchanges = [Exchange.recorded(each, source) for each in read_har(data)]
    except KitError as error:
        raise UsageError(
            f"{source_name(source)}: {error} Record a run again, or save the whole file."
        ) from None
    if not exchanges:
        raise UsageError(
            f"{source_name(source)}: This HAR file has no response of the service. "
            "Record one with: bluejay-results wait RUN --har FILE"
        )
    return exchanges
