"""Judges how a client handled each mutant, and writes the reports."""
