"""Tests that need the tools that read the exports of the kit."""
