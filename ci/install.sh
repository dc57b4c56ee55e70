#!/usr/bin/env bash
# Installs the packages of a lock file, and then a package: install.sh ENVIRONMENT LOCK [PACKAGE].
# Call it from outside the user's checkout: files there can have the names of modules and programs.
set -eo pipefail
export PYTHONSAFEPATH=1 PYTHONPATH=
fail() {
  echo "${GITHUB_ACTIONS:+::error::}$1"
  exit 2
}
[ "$GITHUB_EVENT_NAME" != pull_request_target ] ||
  fail "pull_request_target gives secrets to pull requests from forks. Use the event pull_request."
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "Python 3.11 or newer is needed: on GitHub, run actions/setup-python before this action."
python3 -m venv --clear "$1"
pip=("$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps)
# Only wheels, because the build of a source package installs packages that the lock doesn't contain.
"${pip[@]}" --only-binary :all: --require-hashes --requirement "$2"
[ -z "$3" ] || "${pip[@]}" --no-build-isolation "$3"
