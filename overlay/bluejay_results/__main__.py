"""`python -m bluejay_results` is the command `bluejay-results`."""

import sys

from .cli import main

sys.exit(main())
