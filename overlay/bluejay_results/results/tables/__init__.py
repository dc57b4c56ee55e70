"""Runs as tables: each column is declared once, with its type, its meaning and the field it comes from."""
