"""The software bill of materials: what runs with this package, in CycloneDX JSON."""

import sys
import uuid
from collections.abc import Iterable

from bluejay_results import __version__
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from .dependencies import NAME, ROOT, Dependency, Pin, needed, pins

TARGET = ROOT / ".build" / "sbom.cdx.json"


def bom() -> str:
    """Return the bill: each dependency at runtime with its version, hashes, licence and dependents."""
    pinned, dependencies = pins(), needed()
    components = {name: _component(each, pinned[name]) for name, each in dependencies.items() if name != NAME}
    root = Component(name=NAME, version=__version__, type=ComponentType.LIBRARY, bom_ref=NAME)
    made = Bom(components=components.values(), serial_number=_serial(pinned[name] for name in components))
    made.metadata.component = root
    for name, each in dependencies.items():
        made.register_dependency(components.get(name, root), [components[need] for need in each.needs])
    return JsonV1Dot6(made).output_as_string(indent=2)


def _component(dependency: Dependency, pin: Pin) -> Component:
    return Component(
        name=pin.name,
        version=pin.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{pin.name}=={pin.version}",
        purl=PackageURL("pypi", name=pin.name, version=pin.version),
        # One for each file that the lock allows: a source distribution and a wheel for each platform.
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes],
        licenses=[LicenseFactory().make_from_string(dependency.licence)],
    )


def _serial(pinned: Iterable[Pin]) -> uuid.UUID:
    """Return a serial number that is the same for the same lock."""
    return uuid.uuid5(uuid.NAMESPACE_OID, repr([__version__, *pinned]))


def main() -> int:
    """Write the bill of materials; return the exit code."""
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(bom() + "\n")
    sys.stdout.write(f"Wrote {TARGET.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
