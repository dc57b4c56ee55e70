"""Derives valid bodies from validators, and mutants from the bodies."""
