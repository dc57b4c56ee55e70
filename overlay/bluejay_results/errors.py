"""All errors that this package raises.

```text
BluejayError
├── UsageError               a mistake of the caller: nothing was sent
│   ├── ConfigurationError   the key, the URL or a setting can't be used
│   └── InvalidIdError       an id that can't be sent
├── ConnectionFailedError    no response, or a response that could not be read to its end
│   ├── RequestTimeoutError  no response in time
│   └── TLSError             the certificate can't be verified, or the server does not use TLS
├── ResponseError            the service responded with an error
│   ├── AuthenticationError    401, 403
│   ├── NotFoundError          404
│   │   └── RunNotFoundError   404 for a run
│   ├── RequestRejectedError   422
│   ├── RateLimitError         429
│   ├── ServerError            500 to 511
│   └── UnexpectedStatusError  any other status
├── ResponseTooLargeError    a body larger than max_body_bytes
├── UnsupportedValueError    a 200 with a value that this package can't represent
├── ContractViolationError   a 200 with a body that breaks the contract
├── WebhookError             a delivery of a webhook was refused before anything in it was parsed
│   ├── DeliveryTooLargeError  a body larger than MAX_DELIVERY_BYTES
│   ├── MissingSignatureError  no header X-Bluejay-Signature
│   ├── InvalidSignatureError  a signature that is not 64 hexadecimal digits in lower case
│   └── WrongSignatureError    a signature that was made for another body or with another secret
└── WaitTimeoutError         the run had not settled in time
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._errors import *  # noqa: F403 - all errors are public
from ._errors import BluejayError

if TYPE_CHECKING:
    from .results.run import SimulationRun


class WaitTimeoutError(BluejayError):
    """The run had not settled in time.

    Attributes:
        run: The run at the last successful poll; None if no poll succeeded.
        last_error: The transient error of the last poll; None if that poll succeeded.
    """

    run: SimulationRun | None = None
    last_error: BluejayError | None = None
