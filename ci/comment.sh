#!/usr/bin/env bash
# Posts a Markdown file as a comment on the pull request, or updates the action's own comment with the same first line.
# ISSUES is the path of the repository's issues in GitHub's API, and PULL_REQUEST the number of the pull request.
set -eo pipefail
MARKER=$(head -n 1 "$1")
export MARKER
post() {
  comment=$(gh api --paginate "$ISSUES/$PULL_REQUEST/comments" --jq '.[]
    | select(.user.login == "github-actions[bot]" and (.body | startswith(env.MARKER))) | .id') || return
  comment=$(tail -n 1 <<< "$comment")
  if [ -n "$comment" ]; then
    gh api --silent --method PATCH "$ISSUES/comments/$comment" -F "body=@$1"
  else
    gh api --silent --method POST "$ISSUES/$PULL_REQUEST/comments" -F "body=@$1"
  fi
}
post "$1" || echo "::notice::The verdict was not posted as a comment. The job needs the permission pull-requests: write."
