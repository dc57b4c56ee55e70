# Copied from codegen/runtime by `make generate`. Edit it there; the next run overwrites this copy.
"""What the operations raise."""

from collections.abc import Mapping


class InvalidBody(Exception):
    """A response whose status is documented and whose body is not what the contract says.

    The message names what was expected, what came and, where the body is JSON, the path.
    """

    def __init__(self, reason: str, status_code: int, headers: Mapping[str, str], content: bytes) -> None:
        super().__init__(reason)
        self.status_code = status_code
        self.headers = headers
        self.content = content


__all__ = ["InvalidBody"]
