"""The GitHub or GitLab job that runs a command."""

from __future__ import annotations

import os

from ..report.page import CIJob


def ci_job() -> CIJob:
    """Return the job's commit and URL, if GitHub or GitLab has set them.

    In a pull request, GITHUB_SHA is a merge commit, so our action sets COMMIT to the branch's head.
    """
    commit = os.environ.get("GITHUB_SHA") or os.environ.get("CI_COMMIT_SHA", "")
    if commit:
        commit = os.environ.get("COMMIT") or commit
    run = os.environ.get("GITHUB_RUN_ID")
    server, repository = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    url = f"{server}/{repository}/actions/runs/{run}" if run else os.environ.get("CI_JOB_URL", "")
    return CIJob(commit, url)
