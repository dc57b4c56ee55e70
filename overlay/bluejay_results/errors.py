"""Everything that this package raises.

BluejayError
├── UsageError               misused: nothing was sent
│   ├── ConfigurationError   the key, the URL or a setting
│   └── InvalidIdError       an id that can't be sent
├── ConnectionFailedError    not reached: no answer, or none that could be read
│   ├── RequestTimeoutError  no answer in time
│   └── TLSError             a certificate that can't be verified, or no TLS at the other end
├── ResponseError            answered, and the answer is an error
│   ├── AuthenticationError    401, 403
│   ├── NotFoundError          404
│   │   └── RunNotFoundError   404 to a run
│   ├── RequestRejectedError   422
│   ├── RateLimitError         429
│   ├── ServerError            500 to 511
│   └── UnexpectedStatusError  any other status
├── ResponseTooLargeError    answered with more than is read
├── UnsupportedValueError    answered 200 with a body that this package can't hold
├── ContractViolationError   answered 200 with a body that the contract forbids
└── WaitTimeoutError         the run had not settled in time
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._errors import *  # noqa: F403 - all of them belong here
from ._errors import BluejayError

if TYPE_CHECKING:
    from .results.run import SimulationRun


class WaitTimeoutError(BluejayError):
    """The run had not settled in time.

    Attributes:
        run: The run as it was last seen; None when it was never seen.
        last_error: The passing fault of the last poll; None when that poll succeeded.
    """

    run: SimulationRun | None = None
    last_error: BluejayError | None = None
