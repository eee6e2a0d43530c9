#!/usr/bin/env bash
# The whole way on this machine: a forge on loopback gets a push and sends a signed webhook; Airlock makes a clone,
# three virtual machines, a live log, statuses and a badge of it. pre_plan fetches a file from a server that is on the
# list, and is refused one that is not; post_plan publishes by rsync to an sshd, with a key that never enters the
# machine. Then a commit whose test fails, one with a typo in its plan, and another repository that has a plan file of
# Ambient's and its key on the secrets drive. What it makes lies in .airlock/demo and is reused, the image above all.
# usage: deploy/demo.sh
set -euo pipefail
. "$(dirname "$0")/lib.sh"
begin demo
[ $# -eq 0 ] || fail "usage: deploy/demo.sh"

DEMO=$ROOT/.airlock/demo
LIMIT=600 # seconds until a request must have its last status

need jdk maven:mvn git:git curl:curl openssl:openssl musl-tools:musl-gcc gcc:gcc \
  qemu-system-x86:qemu-system-x86_64 qemu-utils:qemu-img mmdebstrap:mmdebstrap uidmap:newuidmap bubblewrap:bwrap e2fsprogs libarchive-tools:bsdtar \
  cpio:cpio xz-utils:xz openssh-client:ssh openssh-server:sshd rsync:rrsync python3:python3

product
drivers demo

# ---- a forge, a repository, a configuration ---------------------------------------------------------------------

# free_port FROM: the first port from FROM on where nothing listens on loopback.
free_port() {
  local candidate=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null; do candidate=$((candidate + 1)); done
  echo "$candidate"
}

prepare() {
  rm -rf "$DEMO"/{work,hello.git,ambients,ambient.git,run,served,published,sshd}
  mkdir -p "$DEMO"/{run,state,secrets,served,published/hello,published/ambient,sshd}
  chmod 700 "$DEMO" "$DEMO/secrets"
  echo "a file of the server at files.demo.test" >"$DEMO/served/greeting"
  ssh-keygen -q -t ed25519 -N '' -C demo -f "$DEMO/sshd/host"
  openssl rand -hex 32 >"$DEMO/secrets/hook"
  echo a-token-of-the-loopback-forge >"$DEMO/secrets/token"
  chmod 600 "$DEMO"/secrets/*
}

# The server that post_plan publishes to: what a key may do there stands in `authorized`.
configure_sshd() {
  : >"$DEMO/sshd/authorized"
  cat >"$DEMO/sshd/config" <<EOF
Port $ssh_port
ListenAddress 127.0.0.1
HostKey $DEMO/sshd/host
AuthorizedKeysFile $DEMO/sshd/authorized
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
EOF
  [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd # where sshd as root locks itself in
}

# publishing NAME: where a repository's post_plan publishes to.
publishing() {
  cat <<EOF
      known_hosts: ["[publish.demo.test]:$ssh_port $(cut -d' ' -f1,2 "$DEMO/sshd/host.pub")"]
      post_plan: {allow: ["publish.demo.test:$ssh_port = 127.0.0.1"]}
    targets: {rsync: "ssh://$(id -un)@publish.demo.test:$ssh_port/$1"}
EOF
}

# let_publish NAME: makes a repository's key and lets it write there and do nothing else.
let_publish() {
  local line
  "$ROOT/bin/airlock" secret new --config "$DEMO/airlock.yaml" "demo/alice/$1" >"$DEMO/run/key-$1" 2>&1 ||
    echo "   alice/$1 has its key from an earlier demo"
  line=$("$ROOT/bin/airlock" secret line --config "$DEMO/airlock.yaml" "demo/alice/$1" --for "rsync:$DEMO/published")
  echo "$line" >>"$DEMO/sshd/authorized"
  echo "   key of alice/$1: ${line%% ssh-ed25519*}"
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
    id: 7
    secrets:
      agent: [{users: [$(id -un)], hosts: [publish.demo.test], signatures: 1}]
    network:
      pre_plan: {allow: ["files.demo.test:$files_port = 127.0.0.1", "*.cdn.demo.test"]}
$(publishing hello)
  - name: alice/ambient
    forge: demo
    url: $1/alice/ambient.git
    hook_secret: {file: $DEMO/secrets/hook}
    default_branch: main
    public: true
    id: 8
    secrets: {drive: [post_plan]}
    network:
$(publishing ambient)
limits:
  memory: 512 MiB
  cpus: 1
EOF
}

plan() { # TEST_COMMAND
  cat <<EOF
pre_plan:
  - action: http_get
    items:
      - url: http://files.demo.test:$files_port/greeting
        filename: greeting
        sha256: $(sha256sum "$DEMO/served/greeting" | cut -d' ' -f1)
  - action: shell
    shell: "! curl -fsS https://elsewhere.demo.test/"
plan:
  - action: shell
    shell: |
      cat /ci/deps/http/greeting
      $1
      date > /ci/artifacts/built
post_plan:
  - action: rsync
EOF
}

# As Ambient's own documentation has them: nothing in it is Airlock's.
ambients_plan() {
  cat <<'EOF'
plan:
  - action: shell
    shell: |
      date > /ci/artifacts/built
post_plan:
  - action: rsync
EOF
}

commit() { # MESSAGE [FILE DIRECTORY], the plan on stdin; prints the commit
  local file=${2:-.airlock.yaml} work=$DEMO/${3:-work}
  mkdir -p "$(dirname "$work/$file")"
  cat >"$work/$file"
  git -C "$work" add -A
  git -C "$work" -c user.name=Alice -c user.email=alice@example.org commit -q -m "$1"
  git -C "$work" rev-parse HEAD
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

# show CASE COMMIT WANTED [DIRECTORY REPOSITORY]: pushes, waits, prints, and holds the states that the forge got
# against the wanted ones.
show() {
  local title=$1 commit=$2 wanted=$3 from=$SECONDS got
  echo "== $title (${commit:0:12})"
  git -C "$DEMO/${4:-work}" push -q "http://ci:a-token-of-the-loopback-forge@${forge#http://}/alice/${5:-hello}.git" main
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

# run_of COMMIT: the newest run of it.
run_of() {
  "$ROOT/bin/airlock" runs --config "$DEMO/airlock.yaml" | awk -v c="${1:0:12}" 'index($0, " " c " ") { print $1; exit }'
}

# published NAME: what lies where a repository publishes to, which has to be something.
published() {
  [ -s "$DEMO/published/$1/built" ] || fail "nothing was published for alice/$1; see $DEMO/run"
  sed "s|^|   published/$1/built: |" "$DEMO/published/$1/built"
}

badge_text() { curl -fsS "http://127.0.0.1:$port/badges/demo/alice/hello.svg" | grep -o '<title>[^<]*' | cut -c8-; }

# ---- the demo ---------------------------------------------------------------------------------------------------

prepare
forge_port=$(free_port 18080)
port=$(free_port $((forge_port + 1)))
files_port=$(free_port $((port + 1)))
ssh_port=$(free_port $((files_port + 1)))
forge=http://127.0.0.1:$forge_port
configure "$forge" "$port"
configure_sshd

background "$DEMO/run/forge.log" "$JAVA_HOME/bin/java" -Xmx128m -cp "$ROOT/target/demo:$ROOT/target/lib/*" \
  airlock.house.LoopbackForgeMain "$forge_port" \
  7 alice/hello "$DEMO/hello.git" "http://127.0.0.1:$port/hooks/demo/alice/hello" "$DEMO/secrets/hook" \
  8 alice/ambient "$DEMO/ambient.git" "http://127.0.0.1:$port/hooks/demo/alice/ambient" "$DEMO/secrets/hook"
background "$DEMO/run/files.log" "$JAVA_HOME/bin/java" -m jdk.httpserver -b 127.0.0.1 -p "$files_port" -d "$DEMO/served"
background "$DEMO/run/sshd.log" /usr/sbin/sshd -D -e -f "$DEMO/sshd/config"
wait_for 30 "the forge's start" forge_says '^ready'
git init -q -b main "$DEMO/work"
echo "Hello" >"$DEMO/work/README.md"
git init -q -b main "$DEMO/ambients"

step "image, once" "$ROOT/bin/airlock" image build --config "$DEMO/airlock.yaml"
background "$DEMO/run/airlock.log" "$ROOT/bin/airlock" serve --config "$DEMO/airlock.yaml"
server=$started
wait_for 60 "the server's start" airlock_answers
echo "   pages: http://127.0.0.1:$port/ (while this runs)"
let_publish hello
let_publish ambient

hello=$(plan 'grep -q Hello README.md' | commit 'Say hello')
show "a commit that passes" "$hello" "pending success"
green=$(badge_text)
echo "   badge: $green"
"$ROOT/bin/airlock" runs --config "$DEMO/airlock.yaml" | sed 's/^/   /'

show "a commit whose test fails" "$(plan 'grep -q Goodbye README.md' | commit 'Expect the wrong thing')" "pending failure"
red=$(badge_text)
echo "   badge: $red"

show "a plan with a typo" "$(plan true | sed 's/^plan:/plam:/' | commit 'Mistype the plan')" "pending failure"
statuses_of "$(git -C "$DEMO/work" rev-parse HEAD)" | grep -q '\.airlock\.yaml:[0-9]' ||
  fail "the last failure names no file and line"

ambient=$(ambients_plan | commit 'Publish' .radicle/ambient.yaml ambients)
show "a plan file of Ambient's, with the key on the drive" "$ambient" "pending success" ambients ambient

echo "== what came of it"
published hello
published ambient
"$ROOT/bin/airlock" network --config "$DEMO/airlock.yaml" "$(run_of "$hello")" | sed 's/^/   /'
"$ROOT/bin/airlock" log --config "$DEMO/airlock.yaml" "$(run_of "$hello")" >"$DEMO/run/hello.log"
grep -q 'connection refused: elsewhere.demo.test:443 is not on the list' "$DEMO/run/hello.log" ||
  fail "nothing was refused; see $DEMO/run/hello.log"
grep -q 'signed: user' "$DEMO/run/hello.log" || fail "nothing was signed; see $DEMO/run/hello.log"
grep 'signed: user' "$DEMO/run/hello.log" | sed 's/^/   /'
echo "   signatures: $(grep -c 'signed: user' "$DEMO/run/hello.log")"

ok "demo: ok in $((SECONDS - STARTED)) s: three phases passed, fetched and published, and the badge said '$green'; then a failure, a typo found, a plan file of Ambient's"
