"""Mutants of single values: ids, URLs, the repeated status."""

from ._change import Changes, result, run, whole

CHANGES: Changes = {
    "unique-result-ids:twice": ("two results have one id", result(1, id=910101)),
    "status-repeated:500": ("the body says 500 under 200", whole(status="500")),
    "same-run:another": ("the response is about another run", run(id="48214")),
    "same-run:zero-in-front": ("the run's id has a zero in front", run(id="048213")),
}
