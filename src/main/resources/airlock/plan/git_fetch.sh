#!/bin/bash
# In a VM: fetches one commit of another repository to FOLDER/NAME, with all its files and without its history.
# usage: git_fetch.sh FOLDER NAME URL COMMIT REF   (REF, where a server gives out nothing but refs; it may be empty)
set -euo pipefail

folder=$1
name=$2
url=$3
commit=$4
ref=$5

fail() {
  echo "git_fetch: $name: $1" >&2
  exit 1
}

command -v git >/dev/null || fail "the image has no git"
if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -f "$folder"; fi
mkdir -p "$folder"
old=$folder/$name
work=$(mktemp -d "$folder/.git_fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT

# No configuration but this, no hook, no filter, no helper, no submodule.
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0 GIT_ALLOW_PROTOCOL=http:https:ssh \
  GIT_ASKPASS=/bin/false GIT_ATTR_NOSYSTEM=1
format=sha1
[ ${#commit} -eq 40 ] || format=sha256
new=$work/new
git -c init.defaultBranch=none init -q --template= --object-format="$format" "$new"
run() {
  git -C "$new" -c core.hooksPath=/dev/null -c core.fsmonitor=false -c gc.auto=0 -c maintenance.auto=false \
    -c transfer.fsckObjects=true -c protocol.version=2 -c advice.detachedHead=false "$@"
}

# What is there from an earlier run: only its objects, which are checked by their names.
if [ -d "$old" ] && [ ! -L "$old" ] && [ ! -L "$old/.git" ] && [ -d "$old/.git/objects" ] && [ ! -L "$old/.git/objects" ]; then
  find -P "$old/.git/objects" ! -type f ! -type d -delete
  rm -rf "$old/.git/objects/info"
  rm -rf "$new/.git/objects"
  mv "$old/.git/objects" "$new/.git/objects"
  mkdir -p "$new/.git/objects/info" "$new/.git/objects/pack"
  echo "$commit" >"$new/.git/shallow"
  if ! run fsck --no-dangling --no-progress "$commit" >"$work/log" 2>&1; then
    rm -rf "$new"
    git -c init.defaultBranch=none init -q --template= --object-format="$format" "$new"
  fi
fi

if [ -f "$new/.git/shallow" ] && run cat-file -e "$commit^{commit}" 2>/dev/null; then
  echo "$name: there already"
else
  rm -f "$new/.git/shallow"
  tries=4
  wait=1
  for ((try = 1; ; try++)); do
    { run fetch -q --no-tags --depth 1 --no-recurse-submodules -- "$url" "${ref:-$commit}" 2>&1 1>&3 | tee "$work/errors" >&2; } 3>&1 && break
    if [ "$try" -ge "$tries" ] || grep -qE 'not our ref|not found|no such remote ref|denied|unadvertised|returned error: 4(04|10)' "$work/errors"; then
      fail "$commit could not be fetched from $url"
    fi
    echo "$name: try $try of $tries failed, the next in $wait s" >&2
    sleep "$wait"
    wait=$((wait * 2))
  done
  run cat-file -e "$commit^{commit}" 2>/dev/null || fail "${ref:-$commit} of $url is $(run rev-parse FETCH_HEAD) and not $commit"
fi
run checkout -q --detach --no-recurse-submodules "$commit"
rm -rf "$old"
mv -T "$new" "$old"
echo "$name: $commit of $url"
