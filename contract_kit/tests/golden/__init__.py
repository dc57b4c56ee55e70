"""Outputs that are kept whole, and tables of results, one line for each row."""
