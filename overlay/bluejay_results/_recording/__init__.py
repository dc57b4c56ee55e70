"""Recordings: what a run was built from, as HAR 1.2 files, and the run that a recording replays to."""
