"""Compares two versions of a document: which bodies does one version allow and the other version forbid?"""
