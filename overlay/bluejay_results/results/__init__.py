"""Runs and conversations, and everything that is computed from them."""
