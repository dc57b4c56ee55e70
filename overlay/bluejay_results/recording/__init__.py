"""Recordings: the requests and responses that a run was built from, as HAR 1.2 files."""
