"""Writes the kept texts."""

from ..matrices.texts import cases, written
from .test_node import HERE, TEXTS

for name, results in TEXTS.items():
    (HERE / name).write_text(written(cases(HERE / name), results))
