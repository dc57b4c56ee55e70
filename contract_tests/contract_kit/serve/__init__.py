"""Serves mutants over HTTP, and calls the client that requests them."""
