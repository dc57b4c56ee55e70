#!/usr/bin/env bash
# Installs and runs the gate for templates/gate.yml, and posts its comment. The inputs are variables: see gate.py.
# COMMENT_TOKEN is the token that posts the comment. The exit code is the one of the gate.
set -o pipefail
cd "$CI_PROJECT_DIR/.bluejay-results" || exit
export COMMIT=${CI_MERGE_REQUEST_SOURCE_BRANCH_SHA:-$CI_COMMIT_SHA} REPORTS=reports OUTPUTS=reports/gate.env
gate() {
  ci/install.sh venv action-requirements.lock || return
  cd "$CI_PROJECT_DIR" || return
  .bluejay-results/venv/bin/python -I .bluejay-results/ci/gate.py
}
code=0
(gate) || code=$?
comment=$(ci/comment_file.sh "$CI_PROJECT_DIR/reports/$NAME" "$NAME" "$COMMIT") &&
  python3 -I ci/merge_request.py "$comment"
exit $code
