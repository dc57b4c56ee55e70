"""Writes the kept texts."""

from .kept import HERE, TEXTS, made

for name in TEXTS:
    (HERE / name).write_text(made(name))
