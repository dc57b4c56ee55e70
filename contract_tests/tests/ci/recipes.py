"""Runs the GitLab component and the Jenkins recipe of docs/ci.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from .github import HEAD, QUICK
from .machine import PAGE, QUICKLY, ROOT, Machine

BLOCKS = re.findall(r"^```(yaml|groovy|bash)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
yaml.SafeLoader.add_constructor("!reference", lambda _, node: [each.value for each in node.value])
GITHUB, _, GITLAB = (yaml.safe_load(text) for kind, text in BLOCKS if kind == "yaml")
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


class RefusedError(Exception):
    """GitLab rejects an input, and so creates no pipeline."""


def component(inputs: Mapping[str, str]) -> tuple[str, Any]:
    """Return the component's name and job for these inputs; raise RefusedError for an invalid input."""
    given = GITLAB["include"][0]["inputs"] | inputs
    if given.keys() - INPUTS.keys():
        raise RefusedError
    values = {name: given.get(name, each.get("default")) for name, each in INPUTS.items()}
    if not all(re.fullmatch(INPUTS[name]["regex"].strip("^$"), value) for name, value in values.items()):
        raise RefusedError
    text = re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda match: values[match[1]], COMPONENT)
    [(name, job)] = yaml.safe_load(text).items()
    assert "variables" not in job  # because project or pipeline variables would override them
    return name, job


def run_component(machine: Machine, **inputs: str) -> int:
    """Run the GitLab component's script; return its exit code."""
    args = f"{QUICK}{inputs.get('args', GITLAB['include'][0]['inputs']['args'])}"
    machine.add("bin/git", _GIT.format(folder=machine.folder, root=ROOT))
    _, job = component(inputs | {"args": args})
    predefined = {
        "CI_COMMIT_SHA": HEAD,
        "CI_JOB_TOKEN": "token",
        "CI_PROJECT_DIR": str(machine.folder),
        "CI_SERVER_FQDN": "gitlab.example.com",
        "GITLAB_CI": "true",
    }
    script = "\n".join(job["script"])
    return machine.run("sh", "-e", "-c", script, **predefined).returncode


def run_jenkins(machine: Machine) -> int:
    """Run the Jenkins recipe's steps without the key, then those with the key; return the exit code."""
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
