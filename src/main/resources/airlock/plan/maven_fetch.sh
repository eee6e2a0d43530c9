#!/bin/bash
# In a VM: has Maven fetch what poms name to FOLDER, which is its local repository in the plan phase.
# usage: maven_fetch.sh FOLDER SOURCE MIRROR ARTIFACTS GOAL…
# ARTIFACTS are further ones, GROUP:NAME:VERSION[:PACKAGING[:CLASSIFIER]], with spaces between them; it may be empty.
set -euo pipefail

folder=$1
source=$2
mirror=$3
read -ra artifacts <<<"$4"
shift 4

fail() {
  echo "maven_fetch: $1" >&2
  exit 1
}

. ./manifests.sh

command -v mvn >/dev/null || fail "the image has no mvn"
if [ ! -f "$source/pom.xml" ] || [ -L "$source/pom.xml" ]; then fail "the repository's directory has no file pom.xml"; fi
# what earlier runs left may be anything
if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -f "$folder"; fi
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Maven looks for `.mvn` in all directories above, and stops at the first
mkdir -p "$work/source/.mvn" "$work/home"
copy_manifests "$source" "$work/source" $((4 << 20)) pom.xml

proxy=
case $mirror in
  [hH][tT][tT][pP][sS]:*)
    address=${https_proxy:-}
    address=${address#*://}
    address=${address%/}
    [ -z "$address" ] || proxy="<proxies><proxy><id>airlock</id><protocol>https</protocol><host>${address%:*}</host><port>${address##*:}</port></proxy></proxies>"
    ;;
esac
cat >"$work/settings.xml" <<END
<settings>
  <mirrors><mirror><id>airlock</id><mirrorOf>*</mirrorOf><url>${mirror//&/&amp;}</url></mirror></mirrors>
  $proxy
</settings>
END
echo '<settings/>' >"$work/global.xml"
# it lives for seconds, in which the second compiler of its JVM would not pay off
export MAVEN_SKIP_RC=1 MAVEN_OPTS="-XX:TieredStopAtLevel=1 -Duser.home=$work/home -Djava.util.prefs.userRoot=$work/home"
cd "$work/source"

# maven GOAL…
maven() {
  local try tries=3 wait=1
  for ((try = 1; ; try++)); do
    mvn -B -ntp --strict-checksums -s "$work/settings.xml" -gs "$work/global.xml" "-Dmaven.repo.local=$folder" "$@" 2>&1 |
      tee "$work/log" && return 0
    if [ "$try" -ge "$tries" ] || grep -qE 'Checksum validation failed|was not found in|Could not find artifact' "$work/log"; then
      fail "Maven could not fetch all"
    fi
    echo "maven_fetch: try $try of $tries failed, the next in $wait s" >&2
    find -P "$folder" -name '*.lastUpdated' -type f -delete
    sleep "$wait"
    wait=$((wait * 2))
  done
}

maven "$@"
for artifact in "${artifacts[@]}"; do
  maven dependency:get "-Dartifact=$artifact"
done
# Without these notes Maven takes what is there, wherever it came from.
find -P "$folder" \( -name _remote.repositories -o -name '*.lastUpdated' -o -name resolver-status.properties \) -type f -delete
