"""Tests that need the tools that read the kit's exports."""
