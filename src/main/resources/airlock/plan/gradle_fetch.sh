#!/bin/bash
# In a VM: fetches all files that gradle/verification-metadata.xml lists to FOLDER/files, in the layout of a repository of Maven's,
# and writes FOLDER/home, a home of Gradle's whose builds look there first.
# usage: gradle_fetch.sh FOLDER SOURCE MIRROR PARSER
# PARSER is a program for python3, which reads the list. Nothing else of SOURCE is looked at, and Gradle is not run: its build files
# are programs.
set -euo pipefail

folder=$1
source=$2
mirror=$3
parser=$4
list=gradle/verification-metadata.xml
largest=$((64 << 20))

fail() {
  echo "gradle_fetch: $1" >&2
  exit 1
}

. ./download.sh
. ./checked.sh

for program in curl python3; do
  command -v "$program" >/dev/null || fail "the image has no $program"
done
if [ -L "$source/gradle" ] || [ ! -f "$source/$list" ] || [ -L "$source/$list" ]; then
  fail "the repository has no file $list; \`gradle --write-verification-metadata sha256 build\` writes one"
fi
[ "$(stat -c %s "$source/$list")" -le "$largest" ] || fail "$list is larger than $largest bytes"

tidy "$folder"
rm -rf "${folder:?}"/.gradle_fetch.* "${folder:?}/home"
work=$(mktemp -d "$folder/.gradle_fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
# a copy, so that a message of the parser's can't name what is not there any more
cp -- "$source/$list" "$work/list.xml"
python3 -I -c "$parser" "$work/list.xml" "$mirror" >"$work/wanted" || exit 1
fetch_checked gradle_fetch "$folder/files" "$mirror" "$list"

mkdir -p "$folder/home/init.d"
cat >"$folder/home/init.d/airlock.gradle" <<END
// What the action gradle_fetch has brought is looked at before all other places.
def brought = { handler -> handler.maven { url = new File('$folder/files').toURI() } }
allprojects { project ->
    brought(project.buildscript.repositories)
    brought(project.repositories)
}
if (gradle.gradleVersion.tokenize('.')[0].toInteger() >= 6) {
    gradle.beforeSettings { settings ->
        brought(settings.pluginManagement.repositories)
    }
}
END
