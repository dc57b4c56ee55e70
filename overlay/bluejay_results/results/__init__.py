"""Runs and conversations, and what users compute from them."""
