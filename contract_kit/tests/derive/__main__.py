"""Writes the kept texts."""

from .kept import KEPT, TEXTS, text

for each in KEPT.glob("*.txt"):
    each.unlink()
for name in TEXTS:
    (KEPT / f"{name}.txt").write_text(text(name))
