"""Runs the GitLab component and the Jenkins recipe of docs/ci.md."""

from __future__ import annotations

import re
from typing import Any

import yaml

from .machine import PAGE, QUICKLY, ROOT, Machine

BLOCKS = re.findall(r"^```(yaml|groovy|make|bash)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
yaml.SafeLoader.add_constructor("!reference", lambda _, node: [each.value for each in node.value])
GITHUB, GITLAB = (yaml.safe_load(text) for kind, text in BLOCKS if kind == "yaml")
RECIPES = dict(reversed(BLOCKS))
SPEC, COMPONENT = (ROOT / "templates" / "gate.yml").read_text().split("---\n")
INPUTS: Any = yaml.safe_load(SPEC)["spec"]["inputs"]
_BEFORE_THE_KEY, _WITH_THE_KEY = RECIPES["groovy"].split("withCredentials(")
_GIT = """#!/bin/sh
# `git clone` makes a checkout of this repository, and other commands only note what they should do.
printf '%s\\n' "$*" >> {folder}/git.txt
if [ "$1" = clone ]; then
    for clone; do :; done
    mkdir "$clone"
    ln -s {root}/ci {root}/generated {root}/overlay {root}/action-requirements.lock "$clone"
fi
"""


def run_component(machine: Machine, **inputs: str) -> int:
    """Run the script of the GitLab component; return its exit code."""
    machine.add("bin/git", _GIT.format(folder=machine.folder, root=ROOT))
    given = GITLAB["include"][0]["inputs"] | inputs
    values = {name: given.get(name, each.get("default")) for name, each in INPUTS.items()}
    values["args"] += " --poll-interval 0.05"
    text = re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda match: str(values[match[1]]), COMPONENT)
    job = yaml.safe_load(text)["bluejay-gate"]
    assert "variables" not in job  # because variables of the project or the pipeline would override them
    variables = {
        "CI_JOB_TOKEN": "token",
        "CI_PROJECT_DIR": str(machine.folder),
        "CI_SERVER_FQDN": "gitlab.example.com",
        "GITLAB_CI": "true",
    }
    return machine.run("sh", "-e", "-c", "\n".join(job["script"]), **variables).returncode


def run_jenkins(machine: Machine) -> int:
    """Run the steps of the Jenkins recipe that have the key, after those that don't; return the exit code."""
    machine.add("bin/git", _GIT.format(folder=machine.folder, root=ROOT))
    machine.variables["WORKSPACE"] = str(machine.folder)
    key = machine.variables.pop("BLUEJAY_API_KEY")
    [install] = _scripts(_BEFORE_THE_KEY)
    if code := machine.run("sh", "-xe", "-c", install).returncode:
        return code
    [gate] = _scripts(_WITH_THE_KEY)
    return machine.run("sh", "-xe", "-c", gate.replace(*QUICKLY), BLUEJAY_API_KEY=key).returncode


def _scripts(recipe: str) -> list[str]:
    return re.findall(r"sh '''(.*?)'''", recipe, re.DOTALL)
