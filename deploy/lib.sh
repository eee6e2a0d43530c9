# shellcheck shell=bash
# What the scripts of this folder share: steps with their times, Debian packages, the JDK, the verdict.
# Source it after `set -euo pipefail`, then call `begin NAME`.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LOGS=$ROOT/target/deploy

# begin NAME: from here on the script's last line is its verdict, whatever happens.
begin() {
  SCRIPT=$1
  STARTED=$SECONDS
  VERDICT=
  REASON=
  CLEANUP=()
  CHILD=
  mkdir -p "$LOGS"
  trap finish EXIT
  trap : PIPE # who read our output may be gone; the end below must come all the same
  trap 'REASON="interrupted"; exit 130' INT
  trap 'REASON="ended from outside"; exit 143' TERM
}

# ok TEXT: the verdict of a script that did all it should, usually `ok "$(took)"`.
ok() {
  VERDICT=$1
}

took() {
  echo "$SCRIPT: ok in $((SECONDS - STARTED)) s"
}

# fail TEXT: ends the script; TEXT says what to do.
fail() {
  REASON=$1
  exit 1
}

# at_end COMMAND…: runs when the script ends, last one first.
at_end() {
  local quoted
  printf -v quoted '%q ' "$@"
  CLEANUP=("$quoted" "${CLEANUP[@]}")
}

finish() {
  local code=$? command
  trap - EXIT INT TERM
  [ -z "$CHILD" ] || kill_tree "$CHILD"
  for command in "${CLEANUP[@]}"; do eval "$command" || true; done
  if [ "$code" -eq 0 ] && [ -n "$VERDICT" ]; then
    echo "$VERDICT"
    exit 0
  fi
  [ "$code" -ne 0 ] || code=1
  echo "$SCRIPT: FAILED: ${REASON:-a command ended with $code}"
  exit "$code"
}

# kill_tree PID: ends a step that this script started, with its children.
kill_tree() {
  kill -TERM -- "-$1" 2>/dev/null || kill -TERM "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

# step TITLE COMMAND…: runs a command with its output in a log file, says how long it took, and shows
# its end where it failed. A line every ten seconds on a terminal, every thirty elsewhere, tells where it is.
step() {
  local title=$1 log from=$SECONDS code=0 every=30 ticks=0
  shift
  log=$LOGS/$SCRIPT-$(echo "$title" | tr -c 'a-zA-Z0-9\n' - | cut -c1-40).log
  [ -t 1 ] && every=10
  echo "== $title"
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  CHILD=$!
  set +m
  while kill -0 "$CHILD" 2>/dev/null; do
    sleep 0.2
    if (((SECONDS - from) / every > ticks)); then
      ticks=$(((SECONDS - from) / every))
      echo "   $((SECONDS - from)) s: $(where_it_is "$log")"
    fi
  done
  wait "$CHILD" || code=$?
  CHILD=
  if [ "$code" -ne 0 ]; then
    tail -n 60 "$log"
    fail "$title (ended with $code after $((SECONDS - from)) s; all of its output: ${log#"$ROOT"/})"
  fi
  echo "   $title: $((SECONDS - from)) s"
}

# The last line of a log that tells a person something: without colours, cut to a line's width.
where_it_is() {
  [ -s "$1" ] || echo "(no output yet)"
  grep -avE '^\s*$|^WARNING: |\[INFO\] *(-*)$|Results:' "$1" | tail -n 1 | sed 's/\x1b\[[0-9;]*m//g; s/^\[INFO\] //' |
    cut -c1-110
}

# need WORD…: makes sure that what a script uses is there; as root installs it from Debian, else says how.
# A word is PACKAGE or PACKAGE:PROGRAM (a program from elsewhere does too), or jdk, which also sets JAVA_HOME.
need() {
  local missing=() word
  for word in "$@"; do
    is_there "$word" || missing+=("$(package_of "$word")")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || fail "this machine is no Debian; install what these packages hold: ${missing[*]}"
    [ "$(id -u)" -eq 0 ] ||
      fail "missing packages; run: sudo apt-get install --no-install-recommends ${missing[*]}"
    step "Debian packages: ${missing[*]}" install_packages "${missing[@]}"
  fi
  if [[ " $* " == *' jdk '* ]]; then
    JAVA_HOME=$("$ROOT/bin/airlock" --print-jdk javac) || fail "no JDK 25 under /usr/lib/jvm; set JAVA_HOME to one"
    export JAVA_HOME
  fi
}

is_there() {
  case $1 in
    jdk) "$ROOT/bin/airlock" --print-jdk javac >/dev/null ;;
    *:*) PATH=$PATH:/usr/sbin command -v "${1#*:}" >/dev/null ;;
    *) dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed ;;
  esac
}

package_of() {
  case $1 in
    jdk) echo openjdk-25-jdk-headless ;;
    *) echo "${1%%:*}" ;;
  esac
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  local options=(-y -q --no-install-recommends -o DPkg::Lock::Timeout=120)
  apt-get "${options[@]}" install "$@" || {
    apt-get -q -o DPkg::Lock::Timeout=120 update
    apt-get "${options[@]}" install "$@"
  }
}

# maven ARGUMENT…: batch mode, plain text, without a line for each download.
maven() {
  (cd "$ROOT" && MAVEN_OPTS="${MAVEN_OPTS:-} -Dstyle.color=never" mvn -B -ntp "$@")
}

# product: the jar and the guest program, built unless they are newer than everything they are made of.
product() {
  if [ -f "$ROOT/target/airlock.jar" ] && [ -x "$ROOT/target/guest/airlock-guest" ] &&
    [ -z "$(find "$ROOT/src/main" "$ROOT/deploy/images" "$ROOT/pom.xml" -newer "$ROOT/target/airlock.jar" -print -quit)" ]; then
    echo "== build: nothing has changed since the last one"
  else
    step "build" "$ROOT/deploy/build.sh" --no-tests
  fi
}

# drivers NAME [SOURCES]: compiles src/NAME, and what it uses of the SOURCES (a path of folders), into target/NAME.
drivers() {
  local name=$1 out=$ROOT/target/$1
  local trees=("$ROOT/src/$name/java")
  [ $# -eq 1 ] || mapfile -t -O 1 trees < <(tr ':' '\n' <<<"$2")
  if [ -e "$out/compiled" ] && [ "$out/compiled" -nt "$ROOT/target/airlock.jar" ] &&
    [ -z "$(find "${trees[@]}" -name '*.java' -newer "$out/compiled" -print -quit)" ]; then
    return
  fi
  rm -rf "$out"
  mkdir -p "$out"
  find "${trees[0]}" -name '*.java' >"$out/sources"
  step "compile src/$name" "$JAVA_HOME/bin/javac" -d "$out" --release 25 -encoding UTF-8 -proc:none -Xlint:none \
    -classpath "$ROOT/target/classes:$ROOT/target/lib/*" -sourcepath "$(IFS=: && echo "${trees[*]}")" "@$out/sources"
  touch "$out/compiled"
}

# counts: adds up surefire's reports of this checkout as «passed failed skipped».
counts() {
  local report total=0 bad=0 skipped=0 line
  for report in "$ROOT"/target/surefire-reports/TEST-*.xml; do
    [ -f "$report" ] || continue
    line=$(grep -am1 '<testsuite ' "$report" || true)
    total=$((total + $(attribute tests "$line")))
    bad=$((bad + $(attribute failures "$line") + $(attribute errors "$line")))
    skipped=$((skipped + $(attribute skipped "$line")))
  done
  echo "$((total - bad - skipped)) $bad $skipped"
}

# skips: one line for each skipped test with its reason, from surefire's reports.
skips() {
  grep -ahoE '<testcase name="[^"]*" classname="[^"]*"|<skipped (message="[^"]*"|type="[^"]*"><!\[CDATA\[.*)' \
    "$ROOT"/target/surefire-reports/TEST-*.xml |
    awk -F'"' '
      /^<testcase/ { test = $4 "#" $2 }
      /^<skipped message/ { print "   skipped: " test ": " $2 }
      /^<skipped type/ { sub(/.*CDATA\[[^:]*: /, ""); sub(/\]\]>.*/, ""); print "   skipped: " test ": " $0 }' |
    sed 's/&#10;.*//; s/&quot;/"/g; s/&apos;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

attribute() {
  local value
  value=$(sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$2")
  echo "${value:-0}"
}
