"""Finds what the generated decoder doesn't return: valid parts of a body, violations and unknown fields."""
