"""Proves with two validators that a body is valid or invalid."""
