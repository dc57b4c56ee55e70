"""Judges how a client handled each mutant, and generates reports."""
