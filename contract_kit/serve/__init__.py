"""Serves mutants over HTTP, and calls clients, which request the mutants."""
