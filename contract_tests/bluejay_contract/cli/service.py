"""Makes a report about a live service, from one request or from all six."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from attrs import evolve
from bluejay_results.cli.connection import Connection, find_key
from bluejay_results.client.base import check_id
from bluejay_results.client.config import Config

from bluejay_contract import live
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.judging import paging, report
from bluejay_contract.live import Step
from bluejay_contract.redaction import Redaction
from bluejay_contract.reports import Answered, Report

from .output import writable
from .requests import Service

MAX_BODY_BYTES = 256 * 1024 * 1024
"""The largest body that is judged."""


def judged_read(run_id: str, connection: Connection, *, strict: bool) -> Report:
    """Judge a run, using one request.

    Raises:
        BluejayError: There was no response, or an option can't be used.
    """
    return _judged(_config(connection), live.one_read(run_id), strict=strict)


def judged_live(
    run_id: str, connection: Connection, pause: float, keep: Path | None, *, strict: bool
) -> Report:
    """Judge a service, using all six requests, which are announced on stderr before the first is sent.

    Raises:
        BluejayError: A request got no response, or an option can't be used.
    """
    config, steps = _config(connection), live.all_checks(run_id)
    check_id(config.api_key, "run id", run_id)
    if keep:
        with writable(keep):
            keep.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = ", ".join(step.name for step in steps)
    sys.stderr.write(f"{len(steps)} GET requests to {config.base_url}, {pause:g} s apart: {names}\n")
    return _judged(config, steps, pause, keep, strict=strict, asks_for_pages=True)


def _config(connection: Connection) -> Config:
    return Config.resolve(
        find_key(connection.api_key_file),
        connection.base_url,
        request_timeout=30,
        retries=0,
        max_body_bytes=MAX_BODY_BYTES,
        organization_id=connection.organization,
    )


def _judged(
    config: Config,
    steps: tuple[Step, ...],
    pause: float = 0,
    keep: Path | None = None,
    *,
    strict: bool,
    asks_for_pages: bool = False,
) -> Report:
    contract = Contract.load()
    with Service(config) as service:
        answers = list(live.exchanges(service, steps, pause))
    if keep:
        with writable(keep):
            live.keep(answers, steps, keep)
    gc.disable()  # the collector would search for reference cycles, but JSON has none
    source, redaction = answers[0].request.source, Redaction(config.api_key.redact)
    return evolve(
        report(contract, answers, source, strict=strict, redaction=redaction),
        answers=tuple(map(_answered, steps, answers)),
        paging=paging(answers) if asks_for_pages else None,
    )


def _answered(step: Step, answer: Exchange) -> Answered:
    return Answered(step.name, answer.status, len(answer.body))
