#!/usr/bin/env bash
# The inner loop: compiles what changed, without style checks, and runs test classes or methods.
# usage: deploy/quick.sh CLASS[#METHOD]…   as web.PagesTest or airlock.web.PagesTest#aMethod
# It compiles into target/quick, so that Maven's build, which checks everything, never takes its classes for its own.
# What changed is each source file that is newer than its last compilation, and each that names a type of such a file.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
begin quick
USAGE="usage: deploy/quick.sh CLASS[#METHOD]…"
[ $# -gt 0 ] || fail "$USAGE"
for wanted in "$@"; do
  [[ $wanted =~ ^[A-Za-z.]+(#[A-Za-z]+)?$ ]] || fail "'$wanted' is no CLASS or CLASS#METHOD; $USAGE"
done
need jdk maven:mvn git:git

QUICK=$ROOT/target/quick
TREES=(src/main/java src/test/java src/demo/java src/bench/java target/quick/generated-sources)
cd "$ROOT"
mkdir -p "$QUICK"/{classes,test-classes}
ln -sfn ../guest "$QUICK/guest"

library_path() {
  maven -q dependency:build-classpath -Dmdep.outputFile="$QUICK/libraries" -Dmdep.includeScope=test
}

pages() {
  maven -q gg.jte:jte-maven-plugin:generate "-Dbuild.folder=$QUICK"
  touch "$QUICK/pages"
}

resources() {
  cp -ru src/main/resources/. "$QUICK/classes/"
  mkdir -p "$QUICK/classes/airlock/image"
  cp -ru deploy/images/. "$QUICK/classes/airlock/image/"
  cp -ru src/test/resources/. "$QUICK/test-classes/"
}

# changed: the source files to compile, one a line. A file that is gone means all, since its classes must go.
changed() {
  local names
  find "${TREES[@]}" -name '*.java' | sort >"$QUICK/now"
  if [ ! -e "$QUICK/stamp" ] || [ -n "$(comm -13 "$QUICK/now" "$QUICK/before")" ]; then
    find "$QUICK"/{classes,test-classes} -name '*.class' -delete
    cat "$QUICK/now"
    return
  fi
  find "${TREES[@]}" -name '*.java' -newer "$QUICK/stamp" >"$QUICK/newer"
  [ -s "$QUICK/newer" ] || return 0
  names=$(sed 's|.*/||; s|\.java$||; /^package-info$/d' "$QUICK/newer" | sort -u)
  { cat "$QUICK/newer" && grep -rlwF --include='*.java' "$names" "${TREES[@]}"; } | sort -u
}

# compile PART CLASSPATH FILES: all warnings are Maven's to find.
compile() {
  [ -s "$3" ] || return 0
  "$JAVA_HOME/bin/javac" -d "$QUICK/$1" -classpath "$QUICK/$1:$2" --release 25 -parameters -encoding UTF-8 -proc:none \
    -Xlint:none "@$3"
}

compile_changed() {
  local libraries
  libraries=$(cat "$QUICK/libraries")
  grep -Ev '^src/(test|demo|bench)/' "$QUICK/changed" >"$QUICK/main" || true
  grep -E '^src/(test|demo|bench)/' "$QUICK/changed" >"$QUICK/test" || true
  compile classes "$libraries" "$QUICK/main"
  compile test-classes "$QUICK/classes:$libraries" "$QUICK/test"
}

run_tests() {
  local joined
  joined=$(printf ',%s' "${@#airlock.}")
  maven -o -q surefire:test "-Dbuild.folder=$QUICK" "-Dtest=${joined:1}" -Dtest.excludedGroups=none -Dsurefire.failIfNoSpecifiedTests=true
}

[ "$QUICK/libraries" -nt pom.xml ] || step "libraries" library_path
if [ ! -e "$QUICK/pages" ] || [ -n "$(find src/main/jte -newer "$QUICK/pages" -print -quit)" ]; then step "pages" pages; fi
started=$(mktemp "$QUICK/started.XXXX")
at_end rm -f "$started"
changed >"$QUICK/changed"
resources
if [ -s "$QUICK/changed" ]; then
  rm -f "$QUICK/stamp" # a compilation that fails is done again, all of it
  step "compile $(wc -l <"$QUICK/changed") files" compile_changed
fi
mv "$started" "$QUICK/stamp"
cp "$QUICK/now" "$QUICK/before"
step "test $*" run_tests "$@"
ok "$(took)"
