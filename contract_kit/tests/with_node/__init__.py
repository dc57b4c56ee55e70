"""Tests that need Node.js."""
