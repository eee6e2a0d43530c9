#!/bin/bash
# In a VM: what the image's shellcheck(1) finds in texts for bash: advice, so nothing that it says or does
# counts, and it takes two minutes at most.
# stdin: a text's place in the plan and the text itself, each ended by a NUL
set -euo pipefail

left=120
while IFS= read -r -d '' place && IFS= read -r -d '' text; do
  left=$((120 - SECONDS))
  if [ "$left" -le 0 ]; then
    echo "shellcheck took two minutes: $place and what follows were not looked at"
    break
  fi
  # the first line is the one that runs before each text
  printf 'set -xeuo pipefail\n%s' "$text" |
    { timeout "$left" shellcheck --norc -s bash -f gcc - 2>&1 || true; } |
    while IFS=: read -r file line column rest; do
      if [ "$file" = - ] && [ -n "$rest" ]; then
        echo "$place, line $((line - 1)), column $column:$rest"
      elif [ -n "$file" ]; then
        echo "$place: $file $line $column $rest"
      fi
    done
done
exit 0
