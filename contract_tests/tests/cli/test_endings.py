"""How commands end: exit codes, streams, and the decision that other programs on GitHub read."""

from .endings import TEXT, endings


def test_each_command_ends_after_each_response_and_each_error_as_it_did() -> None:
    assert [*endings()] == TEXT.read_text().splitlines()
