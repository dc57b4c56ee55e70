"""What the harness reports: the failures that each rule finds, and the reports of its commands."""

from collections.abc import Iterator

from .. import builders
from ..harness.findings import CONTRACT, failures
from ..harness.mutants import catalogue
from .layout import laid_out
from .scene import scene

RUN = builders.response(builders.result(), total_tests=1)
MANY = [{"id": str(number)} for number in range(9)]


def findings() -> Iterator[str]:
    """Yield what each rule reports, word for word, about the first mutant that it finds."""
    told = set[str]()
    for case in catalogue(CONTRACT):
        if case.rule and case.rule not in told:
            for failure in [each for each in failures(case) if each.rule == case.rule][:1]:
                told.add(case.rule)
                yield f"{case.id}: {failure}"


def checks() -> Iterator[str]:
    """Yield the reports of check and live, in each format."""
    with scene() as run:
        (run.folder / "sound.json").write_bytes(builders.encoded(RUN))
        (run.folder / "drift.json").write_bytes(builders.encoded(RUN | {"status": "500", "trace": "4bf9"}))
        (run.folder / "broken.json").write_bytes(builders.encoded(RUN | {"simulation_results": MANY}))
        lines = (
            "check sound.json",
            "check drift.json",
            "check drift.json --strict",
            "check broken.json",
            "check down",
            "live 48213 --pause 0",
        )
        yield from laid_out((line, run.lines(f"bluejay-contract {line}")) for line in lines)
        run("bluejay-contract check drift.json --strict --junit report.xml")
        junit = (run.folder / "report.xml").read_text().splitlines()
        yield from laid_out(
            [("JUnit, without the names", [each for each in junit if "<testcase" not in each])]
        )
