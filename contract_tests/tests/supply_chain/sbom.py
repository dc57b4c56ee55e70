"""`make sbom` prints the software bill of materials: what runs with this package, in CycloneDX JSON."""

import json
import sys
from typing import Any

from bluejay_results import __version__

from .dependencies import NAME, licence, needed, pins


def bom() -> str:
    """Return the bill of materials: each runtime dependency with its version, hashes and licence."""
    library = {"type": "library", "name": NAME, "version": __version__}
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": library},
        "components": [_component(name) for name in sorted(needed())],
    }
    return json.dumps(document, indent=2)


def _component(name: str) -> dict[str, Any]:
    pin = pins()[name]
    return {
        "type": "library",
        "name": name,
        "version": pin.version,
        "purl": f"pkg:pypi/{name}@{pin.version}",
        # A hash for each file that the lock allows: a source distribution, and a wheel for each platform.
        "hashes": [{"alg": "SHA-256", "content": each} for each in pin.hashes],
        "licenses": [{"expression": licence(name)}],
    }


if __name__ == "__main__":
    sys.stdout.write(bom() + "\n")
