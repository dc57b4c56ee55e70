#!/usr/bin/env bash
# Prints the path of the comment in a folder of reports: comment_file.sh FOLDER NAME COMMIT. If the gate has written no
# comment, because it didn't start, this script writes one, so that no earlier verdict remains on the pull request.
set -eo pipefail
file=${1:-$(mktemp -d)}/gate.md
[ -f "$file" ] || {
  mkdir -p "$(dirname "$file")"
  name=${2//[^A-Za-z0-9-]/-}
  printf '<!-- bluejay-results gate %s -->\n## %s: failed\n\nThe job log explains why.\n\nCommit: %s\n' \
    "$name" "$name" "$3" > "$file"
}
echo "$file"
