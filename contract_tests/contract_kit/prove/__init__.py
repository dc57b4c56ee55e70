"""Proves that a body is valid or invalid, with two validators."""
