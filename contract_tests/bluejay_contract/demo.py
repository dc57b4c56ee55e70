"""A demo with the embedded stub: wait for a run to settle, and decide whether to ship."""

import os
import subprocess
import sys
from pathlib import Path

from .stub import SCENARIOS, Stub


def main() -> int:
    """Run the command like a user; return its exit code."""
    run_id = SCENARIOS["advancing"].run_id
    command = Path(sys.executable).with_name("bluejay-results")
    with Stub() as stub:
        arguments = ["gate", run_id, "--poll-interval", "1"]
        sys.stdout.write(f"$ bluejay-results {' '.join(arguments)}\n")
        sys.stdout.flush()
        settings = os.environ | stub.environment
        return subprocess.run([command, *arguments], env=settings, check=False).returncode  # noqa: S603 - ours


if __name__ == "__main__":
    sys.exit(main())
