#!/usr/bin/env bash
# Builds Airlock: guest program, Java, fast tests, the runnable jar in target/ that bin/airlock starts.
# usage: deploy/build.sh [--no-tests]   --no-tests neither compiles tests nor checks style
set -euo pipefail
. "$(dirname "$0")/lib.sh"
begin build

tests=()
case ${1:-} in
  '') ;;
  --no-tests) tests=(-Dmaven.test.skip -Dspotless.check.skip -Dcheckstyle.skip) ;;
  *) fail "usage: deploy/build.sh [--no-tests]" ;;
esac

need jdk maven:mvn git:git musl-tools:musl-gcc gcc:gcc libc6-dev
if [ -x "$ROOT/deploy/guest-build.sh" ]; then
  step "guest program" "$ROOT/deploy/guest-build.sh"
fi
title="compile, fast tests, jar"
[ ${#tests[@]} -eq 0 ] || title="compile, jar"
step "$title" maven package "${tests[@]}"
read -r passed _ skipped <<<"$(counts)"
[ ${#tests[@]} -gt 0 ] || echo "   $passed tests passed, $skipped skipped"
[ -f "$ROOT/target/airlock.jar" ] || fail "Maven left no target/airlock.jar"
ok "$(took)"
