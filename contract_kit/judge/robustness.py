"""The robustness: a single figure for how well a client handles broken responses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

from attrs import frozen

from contract_kit.derive.model import Expect
from contract_kit.serve.clients import Outcome

from .effects import Effect
from .results import Result, Since


@frozen
class Robustness:
    """The number of broken responses that did no harm, counting only fields that the client reads.

    Attributes:
        broken: The number of responses that the client should have refused, in these fields.
        harmless: The number of these responses whose results aren't faults.
        unread: The names of the fields that the client doesn't read. It accepted all mutants of such a field,
            including the legal ones, and none of them changed what its caller got.
        is_known: Whether the client's results could be compared, so that it is known which fields it reads.
    """

    broken: int
    harmless: int
    unread: Sequence[str]
    is_known: bool

    @classmethod
    def of(cls, results: Iterable[Result]) -> Self:
        """Compute the robustness from the results for all mutants."""
        fields: dict[str, list[Result]] = {}
        for each in results:
            if not each.verdict.is_inconclusive:
                fields.setdefault(each.field, []).append(each)
        unread = {name for name, found in fields.items() if all(map(_has_no_effect, found))}
        about_http = {name for name, found in fields.items() if not found[0].mutant.schema_location}
        read = [each for name, found in fields.items() if name not in unread for each in found]
        broken = [each for each in read if each.mutant.expect is Expect.REFUSE]
        harmless = sum(not each.verdict.is_fault for each in broken)
        is_known = bool(unread) or any(each.finding and each.outcome is Outcome.ACCEPTED for each in read)
        return cls(len(broken), harmless, sorted(unread - about_http), is_known)

    @property
    def percent(self) -> int | None:
        """The percentage of harmless responses, rounded down, so that 100 means that all are harmless.

        None if there were no broken responses.
        """
        return 100 * self.harmless // self.broken if self.broken else None

    def sentences(self, since: Since | None) -> str:
        """Describe the robustness in words, including the baseline's, if any."""
        return f"{self.title(since)}: {self.numbers(since)}"

    def title(self, since: Since | None) -> str:
        """Return a title with the robustness in percent, or `unknown` if there were no broken responses."""
        before = f" ({_written(since.robustness)} in the baseline)" if since else ""
        return f"Robustness {_written(self.percent)}{before}"

    def numbers(self, since: Since | None) -> str:
        """Return sentences, starting in lower case, that state how many responses and fields there are."""
        broken = f"{self.broken:,} broken response{'s' * (self.broken != 1)}"
        counting = ", counting only fields that this client reads" * self.is_known
        found = f"{self.harmless:,} of {broken} did no harm{counting}."
        if not self.is_known:
            return found
        count = len(self.unread)
        earlier = f" ({since.unread:,} in the baseline)" if since else ""
        return f"{found} {count:,} field{'s are' if count != 1 else ' is'} not read{earlier}."


def _written(percent: int | None) -> str:
    return "unknown" if percent is None else f"{percent} %"


def _has_no_effect(result: Result) -> bool:
    return result.finding is not None and result.finding.effect is Effect.NO_EFFECT
