"""Compares two versions of a document, to find bodies that one version allows and the other forbids."""
