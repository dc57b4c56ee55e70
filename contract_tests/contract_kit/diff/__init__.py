"""Compares two versions of a document: which bodies does one version allow but the other forbid?"""
