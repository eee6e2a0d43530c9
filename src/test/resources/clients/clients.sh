#!/bin/bash
# What a person types who fetches with each client, in a machine whose hosts are a test's; for app.ClientsInVmTest. A
# client that fails is said to, and the others go on.
# shellcheck disable=SC2317 # the functions are called by names that are put together
set -euo pipefail
P=@PORT@
CA=/ci/src/ca.pem
TRY=$(mktemp -d)
chmod 755 "$TRY" # apt fetches as a user of its own
SSH_HOSTS=(any.other.example)
echo "proxy: ${https_proxy:-none}"
if [ -n "${https_proxy:-}" ]; then
  # then nothing but the proxy knows where they are
  grep -v '\.example$' /etc/hosts >"$TRY/hosts"
  cat "$TRY/hosts" >/etc/hosts
  echo "nameserver 127.0.0.1" >/etc/resolv.conf # where nothing answers
else
  SSH_HOSTS+=(ssh.example)
fi

try_curl() {
  curl -fsS --cacert "$CA" "https://files.example:$P/hello" | grep 'hello, client'
}

try_wget() {
  wget -q "--ca-certificate=$CA" "https://files.example:$P/hello"
  grep 'hello, client' hello
}

try_git() {
  GIT_SSL_CAINFO=$CA git clone -q "https://git.example:$P/hello.git" cloned
  grep hello cloned/README
}

try_apt() {
  mkdir -p lists/partial cache/archives/partial
  echo "deb [trusted=yes] https://apt.example:$P/ ./" >sources.list
  local apt=(apt-get -qq "-oDir::State::lists=$PWD/lists" "-oDir::Cache=$PWD/cache" "-oDir::Etc::sourcelist=$PWD/sources.list"
    -oDir::Etc::sourceparts=/dev/null "-oAcquire::https::CAInfo=$CA" -oAcquire::Languages=none)
  "${apt[@]}" update
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" -y install hello-dep
  grep hello /usr/share/hello-dep
  dpkg -r hello-dep
}

try_cargo() {
  mkdir src
  cat >Cargo.toml <<END
[package]
name = "user"
version = "0.1.0"
edition = "2021"
[dependencies]
hello-dep = { version = "1", registry = "test" }
END
  echo 'fn main() {}' >src/main.rs
  CARGO_HOME=$PWD/home CARGO_HTTP_CAINFO=$CA CARGO_REGISTRIES_TEST_INDEX=sparse+https://crates.example:$P/index/ cargo fetch
  ls home/registry/cache/*/hello-dep-1.0.0.crate
}

try_npm() {
  npm install --cafile "$CA" --no-audit --no-fund --no-update-notifier --registry "https://npm.example:$P/" hello-dep
  grep 'exports = 1' node_modules/hello-dep/index.js
}

try_pip() {
  pip download --cert "$CA" --no-cache-dir --disable-pip-version-check --index-url "https://pypi.example:$P/simple/" hello-dep
  ls hello_dep-1.0.0-py3-none-any.whl
}

try_maven() {
  cat >pom.xml <<END
<project>
  <modelVersion>4.0.0</modelVersion>
  <parent><groupId>example</groupId><artifactId>parent</artifactId><version>1.0.0</version><relativePath/></parent>
  <artifactId>user</artifactId>
  <packaging>pom</packaging>
  <repositories><repository><id>test</id><url>https://maven.example:$P/</url></repository></repositories>
</project>
END
  MAVEN_OPTS="-Djavax.net.ssl.trustStore=/ci/src/trust.p12 -Djavax.net.ssl.trustStorePassword=changeit" \
    mvn -B -q "-Dmaven.repo.local=$PWD/m2" validate
  ls m2/example/parent/1.0.0/parent-1.0.0.pom
}

try_go() {
  cat >go.mod <<END
module user.example/user

go 1.21

require hello.example/dep v1.0.0
END
  SSL_CERT_FILE=$CA GOPROXY=https://go.example:$P GOSUMDB=off GOPATH=$PWD/gopath GOCACHE=$PWD/gocache go mod download -x
  ls gopath/pkg/mod/cache/download/hello.example/dep/@v/v1.0.0.zip
}

try_ssh() {
  ssh -p @SSH@ "@ME@@$1" echo 'hello, ssh client' | grep 'hello, ssh'
}

try_scp() {
  echo 'hello, copy' >"scp-$1"
  scp -q -P @SSH@ "scp-$1" "@ME@@$1:@SERVED@/"
  scp -q -P @SSH@ "@ME@@$1:@SERVED@/scp-$1" "back-$1"
  cmp "scp-$1" "back-$1"
}

try_rsync() {
  echo 'hello, copy' >"rsync-$1"
  rsync -e 'ssh -p @SSH@' "rsync-$1" "@ME@@$1:@SERVED@/"
  rsync -e 'ssh -p @SSH@' "@ME@@$1:@SERVED@/rsync-$1" "back-$1"
  cmp "rsync-$1" "back-$1"
}

try_git_over_ssh() {
  git clone -q "ssh://@ME@@$1:@SSH@@GIT@" "by-ssh-$1"
  grep hello "by-ssh-$1/README"
}

# Cargo's own client reads no configuration of ssh.
try_cargo_over_ssh() {
  mkdir -p "$1/src"
  cd "$1"
  cat >Cargo.toml <<END
[package]
name = "user"
version = "0.1.0"
edition = "2021"
[dependencies]
hello-git = { git = "ssh://@ME@@$1:@SSH@@GIT@" }
END
  echo 'fn main() {}' >src/main.rs
  CARGO_HOME=$PWD/home CARGO_NET_GIT_FETCH_WITH_CLI=true cargo fetch
  grep hello-git home/git/checkouts/hello-*/*/Cargo.toml
}

# client CLIENT [HOST]
client() {
  local name="$1${2:+ $2}" start=$SECONDS
  mkdir -p "$TRY/$1"
  set +e # in a condition bash would go on after what fails in it
  (
    set -e
    cd "$TRY/$1"
    "try_$1" "${2:-}"
  )
  local status=$?
  set -e
  if [ $status = 0 ]; then
    echo "client works: $name"
  else
    echo "client fails: $name"
    failed=1
  fi
  echo "$((SECONDS - start)) s"
}

failed=0
for name in curl wget git apt cargo npm pip maven go; do
  client "$name"
done
for name in ssh scp rsync git_over_ssh cargo_over_ssh; do
  for host in "${SSH_HOSTS[@]}"; do
    client "$name" "$host"
  done
done
exit $failed
