"""Reads what the generated decoder does not: the valid parts of a body, violations and unknown fields."""
