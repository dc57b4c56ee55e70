#!/usr/bin/env bash
# Runs `contract-kit test` and, with a base commit, `contract-kit diff`, for contract_kit/action.yml.
# The inputs are the variables DOCUMENT, COMMAND, GENERATED, PYTHON, BASELINE, ARGS and BASE. The report goes to
# contract-kit.md in REPORTS, an empty folder.
set -eo pipefail
kit=$RUNNER_TEMP/contract-kit/bin/contract-kit
client=(${COMMAND:+"--worker=$COMMAND"} ${GENERATED:+"--generated=$GENERATED"} ${PYTHON:+"--python=$PYTHON"})
base=$REPORTS/base
report=$REPORTS/contract-kit.md

run_tests() {
  local words args=()
  words=$(xargs printf '%s\n' <<< "$ARGS") || return 2 # it splits the words, and evaluates nothing
  while IFS= read -r word; do
    [ -z "$word" ] || args+=("$word")
  done <<< "$words"
  [ -z "$BASELINE" ] || args+=("--baseline=$BASELINE")
  "$kit" test "${args[@]}" "${client[@]}" --markdown="$REPORTS/test.md" -- "$DOCUMENT"
}

checkout_base() { # the whole tree, because a document may refer to other files
  git cat-file -e "$BASE^{commit}" 2>/dev/null || git fetch --quiet --no-tags --depth=1 origin "$BASE" || return
  git worktree add --quiet --detach "$base" "$BASE"
}

compare() {
  checkout_base || {
    echo "::error::The base commit can't be read. Check out with fetch-depth: 0."
    return 2
  }
  [ -f "$base/$DOCUMENT" ] || {
    echo "::notice::The base branch has no such document, so there is nothing to compare with."
    return 0
  }
  "$kit" diff "${client[@]}" --format=markdown -- "$base/$DOCUMENT" "$DOCUMENT" > "$REPORTS/diff.md"
}

marker=${DOCUMENT//$'\n'/ }
marker=${marker//-->/-- >} # --> would end the comment, so that the rest of the name becomes Markdown
code=0 changed=
run_tests || code=$?
if [ -n "$BASE" ]; then
  changed=0
  compare || changed=$?
fi
{
  echo "<!-- contract-kit $marker -->"
  echo "### Test: exit code $code"
  cat "$REPORTS/test.md" 2>/dev/null || echo "The log explains why nothing was tested."
  [ -z "$changed" ] || printf '\n### Document, compared with the base branch: exit code %s\n\n' "$changed"
  cat "$REPORTS/diff.md" 2>/dev/null || true
} > "$report"
cat "$report" >> "$GITHUB_STEP_SUMMARY"
printf 'exit-code=%s\ndiff-exit-code=%s\n' "$code" "$changed" >> "$GITHUB_OUTPUT"
[ "$code" = 0 ] || exit "$code"
exit "${changed:-0}"
