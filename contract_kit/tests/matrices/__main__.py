"""Writes the kept texts, or those that are named."""

import sys

from .kept import HERE, TEXTS, made

for name in sys.argv[1:] or TEXTS:
    (HERE / name).write_text(made(name))
