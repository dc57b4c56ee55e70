"""The dependencies of the export extras have accepted licences."""

from ...supply_chain.dependencies import EXPORT_EXTRAS, is_allowed, licence, needed


def test_every_dependencys_licence_is_on_the_list_of_allowed_licences() -> None:
    found = needed(*EXPORT_EXTRAS)
    assert {"pyarrow", "distributed", "tornado"} <= found
    assert {name: licence(name) for name in found if not is_allowed(licence(name))} == {}
