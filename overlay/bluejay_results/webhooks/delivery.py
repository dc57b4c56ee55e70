"""Verifies a delivery's signature, and parses the event in its body."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Any, Protocol, TypeAlias

from attrs import field, frozen
from bluejay_api.models import (
    ObservabilityCallEvaluated,
    OutboundSimulationStarted,
    SimulationEnded,
    SimulationResultEvaluated,
)

from .._secrets import Secret, as_secret
from ..errors import ConfigurationError, Violation, WebhookError
from ..recording.exchange import Exchange
from ..results.ids import check_ids
from ..results.responses import OnViolation, read_body

Data: TypeAlias = (
    SimulationResultEvaluated | SimulationEnded | OutboundSimulationStarted | ObservabilityCallEvaluated
)

_MODELS: dict[str, type[Data]] = {
    "simulation_result_evaluated": SimulationResultEvaluated,
    "simulation_ended": SimulationEnded,
    "outbound_simulation_started": OutboundSimulationStarted,
    "observability_call_evaluated": ObservabilityCallEvaluated,
}


@frozen
class WebhookEvent:
    """An event that the service sent. Treat it as a hint: retrieve the run before you act on it.

    Attributes:
        type: The type of the event, such as `simulation_ended`.
        run_id: The run's id; None if the event has none.
        delivery_id: The delivery's id, from the X-Bluejay-Delivery header, which isn't signed; None without
            that header.
        data: The typed body; None if the type is unknown.
        raw: The exact bytes of the body.
        violations: The values that break the contract; always empty without `on_violation="collect"`.
    """

    type: str
    run_id: str | None
    delivery_id: str | None
    data: Data | None = field(repr=False)
    raw: bytes = field(repr=False)
    violations: tuple[Violation, ...] = field(default=(), repr=False)


@frozen
class _Envelope:
    """The fields that an event of any type can have. Ids in events are integers."""

    type: str
    simulation_run_id: Any = None


def parse(
    body: bytes, *, delivery_id: str | None = None, on_violation: OnViolation = "raise"
) -> WebhookEvent:
    """Return the event in a body. Verify the signature first, or use `receive`, which does.

    Args:
        body: The delivery's raw body.
        delivery_id: The value of the X-Bluejay-Delivery header.
        on_violation: `collect` keeps the valid parts of a body that breaks the contract, and lists the
            violations in `WebhookEvent.violations`.

    Raises:
        ContractViolationError: The body is not JSON, has no type, breaks the contract, or has a run id that
            isn't usable.
        UnsupportedValueError: The contract allows the body, but this package can't represent it.
    """
    common = read_body(body, _Envelope, "raise", noun="event")[0]
    model = _MODELS.get(common.type)
    data, violations = read_body(body, model, on_violation, noun="event") if model else (None, ())
    run_id = getattr(data, "simulation_run_id", common.simulation_run_id)
    if isinstance(run_id, float) and run_id.is_integer():
        run_id = int(run_id)  # JSON Schema counts 81.0 as an integer
    named = str(run_id) if type(run_id) in (int, str) else None
    check_ids(Exchange(body=body), "run", [("$.simulation_run_id", named)])
    return WebhookEvent(common.type, named, delivery_id, data, body, violations)


_SIGNATURE, _DELIVERY = "X-Bluejay-Signature", "X-Bluejay-Delivery"
_READ = {_SIGNATURE.lower(), _DELIVERY.lower()}


class Headers(Protocol):
    """Request headers: a dict, or a FastAPI, Flask, Django or `http.server` headers object."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Return the names and values."""


def receive(
    body: bytes, headers: Headers, secret: str | Secret, *, on_violation: OnViolation = "raise"
) -> WebhookEvent:
    """Verify a delivery and return its event. Nothing is parsed before the signature is verified.

    Args:
        body: The raw body of the request, exactly as received.
        headers: The headers of the request; names are case-insensitive.
        secret: The webhook's signing secret.
        on_violation: As in `parse`.

    Raises:
        ConfigurationError: As in `verify`, or the names and values of the headers are not all strings.
        WebhookError: As in `verify`.
        ContractViolationError: The signature is valid, but the body breaks the contract.
        UnsupportedValueError: The signature is valid, but this package can't represent the body.
    """
    key, secret = as_secret(secret) or Secret(), ""  # so that no inner frame contains the plain secret
    values = _values(headers)
    verify(body, values.get(_SIGNATURE.lower()), key)
    return parse(body, delivery_id=values.get(_DELIVERY.lower()), on_violation=on_violation)


def verify(body: bytes, signature: str | None, secret: str | Secret) -> None:
    """Raise an error unless a delivery's signature is valid. The body is not parsed.

    The service doesn't sign a timestamp, so anyone who has recorded a delivery can replay it.

    Args:
        body: The raw body, exactly as received.
        signature: The value of the X-Bluejay-Signature header; None if the header is missing.
        secret: The webhook's signing secret.

    Raises:
        ConfigurationError: The secret is empty, the body is not bytes, or the signature is not a string.
        WebhookError: The signature is missing or invalid.
    """
    key, secret = as_secret(secret) or Secret(), ""  # so that no inner frame contains the plain secret
    if not key:
        raise ConfigurationError(
            "No signing secret was passed. Pass the webhook's signing secret as a string."
        )
    if not isinstance(body, bytes):
        raise ConfigurationError(
            f"body must be the raw bytes of the request, got {type(body).__name__}. "
            "Parsing and re-serializing a body changes its bytes, so the signature no longer matches."
        )
    given: object = signature
    if not isinstance(given, str | None):
        raise _not_text(_SIGNATURE, given)
    if not signature:
        raise WebhookError(
            f"The delivery has no {_SIGNATURE} header. Either Bluejay did not send the delivery, "
            "or a proxy removed the header."
        )
    digest = hmac.new(key.reveal().encode(errors="surrogatepass"), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(digest.encode(), signature.encode(errors="replace")):
        raise WebhookError(
            "The signature doesn't match this body and this signing secret. "
            "Check the secret, and pass the raw body unchanged."
        )


def _values(headers: Headers) -> dict[str, str]:
    """Return the values of the relevant headers by lowercase name."""
    try:
        pairs: list[tuple[Any, Any]] = [(name.lower(), value) for name, value in headers.items()]
    except (AttributeError, TypeError, ValueError):
        raise _not_text("headers", headers) from None
    for name, value in pairs:
        if not isinstance(name, str) or (name in _READ and not isinstance(value, str)):
            raise _not_text("headers", value)
    return dict(pairs)


def _not_text(what: str, value: object) -> ConfigurationError:
    return ConfigurationError(
        f"{what} must be text, got {type(value).__name__}. Pass strings, in a dict or an object with `items`."
    )
