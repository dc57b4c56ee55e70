"""Every error status: with JSON, with HTML and without a body, one after another."""

from http import HTTPStatus

from attrs import evolve
from bluejay_results import (
    AuthenticationError,
    RateLimitError,
    RequestRejectedError,
    ResponseError,
    RunNotFoundError,
    ServerError,
    UnexpectedStatusError,
)

from .._http import HTML, response
from .._row import LASTING, TWO_POLLS, Row, fails, outlasted
from .._scripts import in_turn

_CDN = (*range(520, 528), 530)
_KNOWN = [status.value for status in HTTPStatus if status.value >= 400]
_NOT_LISTED = (420, 444, 460, 499, 509, 561, 598, 599, 600, 999)
_ERRORS = {
    401: AuthenticationError,
    403: AuthenticationError,
    404: RunNotFoundError,
    422: RequestRejectedError,
    429: RateLimitError,
    **dict.fromkeys(range(500, 512), ServerError),
}
_RETRIED = {429, 500, 502, 503, 504}
_SAYS = {402: "Top up the account.", 407: "Check the proxy's URL, user and password."}
_COMMAND = {401: ("show",), 404: ("show",), 520: TWO_POLLS}


def _row(status: int) -> Row:
    bodies = (
        response(b'{"detail": "Something is wrong."}', status=status),
        response(b"<html><h1>Something is wrong</h1></html>", status=status, media_type=HTML),
        response(b"", status=status),
    )
    return Row(
        f"{status} with JSON, HTML, no body",
        in_turn(*bodies),
        fails(_error(status), status, passes=status in _RETRIED, says=_SAYS.get(status, "")),
        evolve(LASTING, repeat=len(bodies)),
        wait_ends=outlasted(_error(status), status) if status in _RETRIED or status >= 512 else None,
        command=_COMMAND.get(status, ()),
    )


def _error(status: int) -> type[ResponseError]:
    return _ERRORS.get(status, UnexpectedStatusError)


STATUSES = tuple(map(_row, sorted({*_KNOWN, *_NOT_LISTED, *_CDN})))
