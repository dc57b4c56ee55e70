"""Runs the command `bluejay-results` as `python -m bluejay_results`."""

import sys

from .cli import main

sys.exit(main())
