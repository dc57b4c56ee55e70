"""The errors that operations raise."""

from collections.abc import Mapping


class InvalidBody(Exception):
    """A response with a documented status has a body that breaks the contract.

    The message contains the expected and the received value and, if the body is JSON, the path.
    """

    def __init__(self, reason: str, status_code: int, headers: Mapping[str, str], content: bytes) -> None:
        super().__init__(reason)
        self.status_code = status_code
        self.headers = headers
        self.content = content


__all__ = ["InvalidBody"]
