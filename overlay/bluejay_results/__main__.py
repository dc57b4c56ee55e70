"""Runs the `bluejay-results` command as `python -m bluejay_results`."""

import sys

from .cli import main

sys.exit(main())
