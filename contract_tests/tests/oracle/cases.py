"""Random gate rules and options, and random runs for these options."""

from dataclasses import fields, replace
from functools import lru_cache
from math import ceil, floor

from .conversations import EITHER, pick
from .documents import documents, fetched_again
from .figures import LATENCIES as KNOWN_LATENCIES
from .figures import Rule, judged
from .outcomes import Json, Reading, read
from .verdicts import Options, pass_rate_finding, rates_of

MISFITS = ["mood", "notes", "details", "grade", "polite", "absent", "latency.p95"]
LATENCIES = [*sorted(KNOWN_LATENCIES) * 2, "latency.p42"]
RATES = ["hallucination", "redundancy", "identity_checked", "polite", "lookup"]


def rules(seed: str) -> Rule:
    """Return a rule, which is often wrong usage; most limits are near the figures of random runs."""
    kind = pick(seed, "kind", ["latency"] * 4 + ["rate"] * 4 + ["score"] * 4 + ["duration"] * 2 + ["type"])
    aggregate = pick(seed, "aggregate", ["mean", "median", "min", "max", "p5", "p10", "p90", "p95"])
    figure, unit, quoted = "duration", "", False
    if kind == "type":
        figure, limit, quoted = pick(seed, "figure", MISFITS), "4", True
    elif kind == "rate":
        aggregate, unit = "rate", pick(seed, "unit", ["%"] * 14 + ["", "ms"])
        figure, quoted = pick(seed, "figure", RATES), pick(seed, "quoted", [False, False, False, True])
        limit = pick(seed, "limit", ["5", "10", "14.3", "50", "75", "80", "95", "0", "100", "-1", "100.5"])
    elif kind == "score":
        figure, quoted = pick(seed, "figure", ["task score", "p90) <= 5 %", "hallucination"]), True
        limit = pick(seed, "limit", ["4", "3", "4.5", "0.5", "0.7", "0.10", "0", "-1"])
    else:
        unit = pick(seed, "unit", [*["ms", "s"] * 7, "", "%"])
        figure = pick(seed, "figure", LATENCIES) if kind == "latency" else "duration"
        seconds = pick(seed, "limit", [0.8, 1.1, 1.5, 3] if kind == "latency" else [60, 90, 120.5, 180])
        seconds *= pick(seed, "times", [1] * 8 + [0, -1])
        limit = f"{seconds * (1000 if unit == 'ms' else 1):g}"
    operator = pick(seed, "operator", ["<=", "<", ">=", ">"])
    return Rule(aggregate, figure, operator, limit, unit, quoted)


def all_rules(seed: str) -> list[Rule]:
    """Return rules to parse, each alone."""
    return [rules(f"{seed}/rule {n}") for n in range(5)]


def options(seed: str) -> Options:
    """Return options, most of them the defaults; a few are wrong usage."""
    drawn = [rules(f"{seed}/require {n}") for n in range(pick(seed, "require", [0, 0, 0, 6, 7, 9]))]
    valid = {(each.aggregate, each.figure, each.operator): each for each in drawn if not each.faults}
    again = [replace(each, limit="7") for each in valid.values()][: pick(seed, "again", [0] * 30 + [1])]
    picked = {
        each.name: pick(seed, each.name, each.metadata["values"]) for each in fields(Options) if each.metadata
    }
    return Options(require=(*valid.values(), *again), **picked)


def options_of_several(seed: str) -> Options:
    """Return options, usually without rules about figures, which few runs keep."""
    chosen = options(seed)
    return replace(chosen, require=pick(seed, "figures", [chosen.require, (), (), ()]))


def _near(rule: Rule, reading: Reading, chosen: Options) -> Rule:
    """Return the rule with a limit close to the run's figure."""
    _, figure = judged(rule, reading, chosen.latency_unit)
    in_unit = (figure or 0) / (1000 if rule.unit == "s" else 1)
    near = replace(rule, limit=f"{float(in_unit):.4f}")
    return rule if rule.faults or near.faults else near


@lru_cache(maxsize=2)
def cases(seed: str) -> tuple[Json, Options]:
    """Return a run and options; limits are often close to the pass rate or the figure of the run.

    In some cases, a conversation was also fetched by id, or the ids of the queued conversations are known.
    """
    document, chosen = documents(f"{seed}/run"), options(f"{seed}/options")
    reading = read(document)
    ends = [end for end in pass_rate_finding(reading, chosen)[1:] if end is not None]
    if pick(seed, "near", EITHER) and ends and chosen.min_pass_rate > 1:
        near: list[float] = [round_to(end) for end in ends for round_to in (floor, ceil)]
        if chosen.confident and (rates := rates_of(reading, unknown=False)):
            near += [
                round(100 * float(sum(rates) / len(rates)) + away, 1) for away in (-0.3, -0.4, -0.5, -2, -30)
            ]
        minimum = pick(seed, "minimum", [each for each in near if 1 < each <= 100] or [80])
        chosen = replace(chosen, min_pass_rate=minimum)
    if pick(seed, "near figures", EITHER):
        chosen = replace(chosen, require=tuple(_near(each, reading, chosen) for each in chosen.require))
    listed = document["simulation_results"] or []
    if listed and pick(seed, "fetch", [False, False, True]):
        again = fetched_again(f"{seed}/fetched", pick(seed, "again", listed))
        queued = (*(str(each["id"]) for each in listed), *pick(seed, "queued", [(), ("1", "2")]))
        chosen = replace(chosen, fetched=(again,), queued=queued)
    return document, chosen
