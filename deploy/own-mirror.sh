#!/usr/bin/env bash
# Brings all that .airlock.yaml fetches for Airlock's own build to target/own-mirror, in the layout of a repository of Maven's.
# app.OwnPlanInVmTest serves it on loopback.
# usage: deploy/own-mirror.sh
set -euo pipefail
. "$(dirname "$0")/lib.sh"
begin own-mirror
need jdk maven:mvn

mirror=$ROOT/target/own-mirror
step "plugins and dependencies" maven dependency:go-offline "-Dmaven.repo.local=$mirror"
artifacts=$(sed -n 's/^ *- \([A-Za-z0-9._-]*:[A-Za-z0-9._-]*:[0-9.]*\)$/\1/p' "$ROOT/.airlock.yaml")
[ -n "$artifacts" ] || fail "no artifact stands in .airlock.yaml"
for artifact in $artifacts; do
  step "$artifact" maven dependency:get "-Dartifact=$artifact" "-Dmaven.repo.local=$mirror"
done
ok "own-mirror: $mirror, $(du -sh "$mirror" | cut -f1)"
