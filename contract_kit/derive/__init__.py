"""Derives valid bodies from schemas, and mutants from the valid bodies."""
