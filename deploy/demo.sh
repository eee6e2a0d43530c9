#!/usr/bin/env bash
# The whole way on this machine: a forge on loopback gets a push and sends a signed webhook; Airlock makes a clone,
# three virtual machines, a live log, statuses and a badge of it. Three commits: one that passes, one whose test
# fails, one with a typo in its plan. What it makes lies in .airlock/demo and is reused, the image above all.
# usage: deploy/demo.sh
set -euo pipefail
. "$(dirname "$0")/lib.sh"
begin demo
[ $# -eq 0 ] || fail "usage: deploy/demo.sh"

DEMO=$ROOT/.airlock/demo
LIMIT=600 # seconds until a request must have its last status

need jdk maven:mvn git:git curl:curl openssl:openssl musl-tools:musl-gcc gcc:gcc \
  qemu-system-x86:qemu-system-x86_64 qemu-utils:qemu-img mmdebstrap:mmdebstrap uidmap:newuidmap bubblewrap:bwrap e2fsprogs libarchive-tools:bsdtar \
  cpio:cpio xz-utils:xz openssh-client:ssh

# up_to_date: the jar and the guest program are newer than all that they are made of.
up_to_date() {
  [ -f "$ROOT/target/airlock.jar" ] && [ -x "$ROOT/target/guest/airlock-guest" ] &&
    [ -d "$ROOT/target/test-classes" ] &&
    [ -z "$(find "$ROOT/src" "$ROOT/pom.xml" -newer "$ROOT/target/airlock.jar" -print -quit)" ]
}

up_to_date || step "build" "$ROOT/deploy/build.sh" --no-tests

# ---- a forge, a repository, a configuration ---------------------------------------------------------------------

# free_port FROM: the first port from FROM on where nothing listens on loopback.
free_port() {
  local candidate=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null; do candidate=$((candidate + 1)); done
  echo "$candidate"
}

prepare() {
  rm -rf "$DEMO/work" "$DEMO/hello.git" "$DEMO/run"
  mkdir -p "$DEMO/run" "$DEMO/state" "$DEMO/secrets"
  chmod 700 "$DEMO" "$DEMO/secrets"
  openssl rand -hex 32 >"$DEMO/secrets/hook"
  echo a-token-of-the-loopback-forge >"$DEMO/secrets/token"
  chmod 600 "$DEMO"/secrets/*
}

configure() { # FORGE_URL PORT
  cat >"$DEMO/airlock.yaml" <<EOF
base_url: http://127.0.0.1:$2
listen: 127.0.0.1:$2
state: $DEMO/state
forges:
  demo:
    kind: gitea
    url: $1
    token: {file: $DEMO/secrets/token}
repositories:
  - name: alice/hello
    forge: demo
    url: $1/alice/hello.git
    hook_secret: {file: $DEMO/secrets/hook}
    default_branch: main
    public: true
limits:
  memory: 512 MiB
  cpus: 1
EOF
}

plan() { # TEST_COMMAND
  cat <<EOF
pre_plan:
  - action: shell
    shell: |
      echo "pre_plan: fetching would be here" > /ci/deps/fetched
plan:
  - action: shell
    shell: |
      cat /ci/deps/fetched
      $1
      mkdir -p /ci/artifacts && date > /ci/artifacts/built
post_plan:
  - action: shell
    shell: |
      echo "post_plan: publishing what was built on \$(cat /ci/artifacts/built)"
EOF
}

commit() { # MESSAGE, the plan on stdin; prints the commit
  cat >"$DEMO/work/.airlock.yaml"
  git -C "$DEMO/work" add -A
  git -C "$DEMO/work" -c user.name=Alice -c user.email=alice@example.org commit -q -m "$1"
  git -C "$DEMO/work" rev-parse HEAD
}

# ---- starting and waiting ---------------------------------------------------------------------------------------

background() { # LOG COMMAND…; leaves its process id in $started
  local log=$1
  shift
  "$@" >"$log" 2>&1 </dev/null &
  started=$!
  at_end end_process "$started"
}

end_process() {
  kill "$1" 2>/dev/null || return 0
  wait "$1" 2>/dev/null || true
}

wait_for() { # SECONDS WHAT COMMAND…
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    ((SECONDS < until)) || fail "$what did not happen in time; see $DEMO/run"
    sleep 0.2
  done
}

forge_says() { grep -q "$1" "$DEMO/run/forge.log"; }

airlock_answers() { curl -fsS -o "$DEMO/run/health" "http://127.0.0.1:$port/healthz" 2>"$DEMO/run/curl.err"; }

# statuses_of COMMIT: context, state and description of each status, in the order of their arrival.
statuses_of() { awk -F'\t' -v c="$1" '$1 == "status" && $2 == c { print $3 "\t" $4 "\t" $5 }' "$DEMO/run/forge.log"; }

has_last_status() { [ -n "$(statuses_of "$1" | awk -F'\t' '$2 != "pending"')" ]; }

# show CASE COMMIT WANTED: pushes, waits, prints, and holds the states that the forge got against the wanted ones.
show() {
  local title=$1 commit=$2 wanted=$3 from=$SECONDS got
  echo "== $title (${commit:0:12})"
  git -C "$DEMO/work" push -q "http://ci:a-token-of-the-loopback-forge@${forge#http://}/alice/hello.git" main
  while ! has_last_status "$commit"; do
    ((SECONDS - from < LIMIT)) || fail "$title: no last status after $LIMIT s; see $DEMO/run/airlock.log"
    kill -0 "$server" 2>/dev/null || fail "$title: the server ended; see $DEMO/run/airlock.log"
    sleep 0.5
    if (((SECONDS - from) % 10 == 0 && SECONDS - from > 0)); then
      echo "   $((SECONDS - from)) s: $(statuses_of "$commit" | tail -n 1 | tr '\t' ' ')"
      sleep 0.6
    fi
  done
  statuses_of "$commit" | sed 's/^/   forge got  /'
  got=$(statuses_of "$commit" | cut -f2 | uniq | paste -sd' ')
  [ "$got" = "$wanted" ] || fail "$title: the forge got '$got' instead of '$wanted'"
  echo "   $title: $((SECONDS - from)) s"
}

badge_text() { curl -fsS "http://127.0.0.1:$port/badges/demo/alice/hello.svg" | grep -o '<title>[^<]*' | cut -c8-; }

# ---- the demo ---------------------------------------------------------------------------------------------------

prepare
forge_port=$(free_port 18080)
port=$(free_port $((forge_port + 1)))
forge=http://127.0.0.1:$forge_port
configure "$forge" "$port"

background "$DEMO/run/forge.log" "$JAVA_HOME/bin/java" -Xmx128m -cp "$ROOT/target/test-classes:$ROOT/target/lib/*" \
  airlock.house.LoopbackForgeMain "$forge_port" 7 alice/hello "$DEMO/hello.git" \
  "http://127.0.0.1:$port/hooks/demo/alice/hello" "$DEMO/secrets/hook"
wait_for 30 "the forge's start" forge_says '^ready'
git init -q -b main "$DEMO/work"
echo "Hello" >"$DEMO/work/README.md"

step "image, once" "$ROOT/bin/airlock" image build --config "$DEMO/airlock.yaml"
background "$DEMO/run/airlock.log" "$ROOT/bin/airlock" serve --config "$DEMO/airlock.yaml"
server=$started
wait_for 60 "the server's start" airlock_answers
echo "   pages: http://127.0.0.1:$port/ (while this runs)"

show "a commit that passes" "$(plan 'grep -q Hello README.md' | commit 'Say hello')" "pending success"
green=$(badge_text)
echo "   badge: $green"
"$ROOT/bin/airlock" runs --config "$DEMO/airlock.yaml" | sed 's/^/   /'

show "a commit whose test fails" "$(plan 'grep -q Goodbye README.md' | commit 'Expect the wrong thing')" "pending failure"
red=$(badge_text)
echo "   badge: $red"

show "a plan with a typo" "$(plan true | sed 's/^plan:/plam:/' | commit 'Mistype the plan')" "pending failure"
statuses_of "$(git -C "$DEMO/work" rev-parse HEAD)" | grep -q '\.airlock\.yaml:[0-9]' ||
  fail "the last failure names no file and line"

ok "demo: ok in $((SECONDS - STARTED)) s: three phases passed and the badge said '$green'; then a failure, then a typo found"
