"""Runs a snippet from the docs like a user, but turns warnings into errors."""

import runpy
import sys
import warnings


def main() -> None:
    """Run the file specified on the command line."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        runpy.run_path(sys.argv[1], run_name="__main__")
