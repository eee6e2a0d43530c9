#!/bin/bash
# A function for scripts in a VM that give a client the few files of the repository that it needs, in a directory of its own, so
# that it can't meet any other; Airlock puts it in place of the line that reads this file. Such a script has `fail REASON`.
set -euo pipefail

# copy_manifests SOURCE DIRECTORY LARGEST NAME…: the files of these names, with the directories that they lie in. Links are
# none of them, and no link is followed: find(1) goes only into directories.
copy_manifests() {
  local source=$1 directory=$2 largest=$3 most=20000 name count large
  local -a names=()
  shift 3
  for name in "$@"; do names+=(-o -name "$name"); done
  if [ ! -d "$source" ] || [ -L "$source" ]; then fail "$source is no directory"; fi
  count=$(cd "$source" && find -P . -type f \( "${names[@]:1}" \) -printf x | wc -c)
  [ "$count" -le "$most" ] || fail "$count files called $*, more than $most"
  large=$(cd "$source" && find -P . -type f \( "${names[@]:1}" \) -size +"$largest"c -print -quit)
  [ -z "$large" ] || fail "${large@Q} is larger than $largest bytes"
  (cd "$source" && find -P . -type f \( "${names[@]:1}" \) -print0 | xargs -0 -r cp --no-dereference --parents -t "$directory" --)
}
