"""Judges what a client did with each mutant, and writes the reports."""
