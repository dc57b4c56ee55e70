"""The dependencies of the export's extras have accepted licences."""

from ...supply_chain.dependencies import EXPORT_EXTRAS, NAME, needed
from ...supply_chain.licences import BSD_3, allowed, is_allowed


def test_every_licence_is_on_the_list() -> None:
    found = needed(*EXPORT_EXTRAS)
    others = [each for name, each in found.items() if name not in {NAME, *BSD_3}]
    assert [each for each in others if not is_allowed(each.licence, allowed())] == []
    assert {"pyarrow", "fsspec", "distributed", "tornado"} <= found.keys()
