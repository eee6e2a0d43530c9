#!/bin/bash
# What a person types who fetches with each client, in a machine whose hosts are a test's; for app.ClientsInVmTest.
set -euo pipefail
P=@PORT@
CA=/ci/src/ca.pem
TRY=$(mktemp -d)
cd "$TRY"
echo "proxy: ${https_proxy:-none}"

works() { echo "client works: $1"; }

curl -fsS --cacert $CA "https://files.example:$P/hello" | grep -q 'hello, client'
works curl

wget -q --ca-certificate=$CA -O wgot "https://files.example:$P/hello"
grep -q 'hello, client' wgot
works wget

GIT_SSL_CAINFO=$CA git clone -q "https://git.example:$P/hello.git" cloned
grep -q hello cloned/README
works git

mkdir -p apt/lists/partial apt/cache/archives/partial apt/etc
echo "deb [trusted=yes] https://apt.example:$P/ ./" >apt/etc/sources.list
APT=(-oDir::State::lists="$TRY/apt/lists" -oDir::Cache="$TRY/apt/cache" -oDir::Etc::sourcelist="$TRY/apt/etc/sources.list"
  -oDir::Etc::sourceparts=/dev/null -oAcquire::https::CAInfo="$CA" -oAPT::Sandbox::User=root -oAcquire::Languages=none)
apt-get -q "${APT[@]}" update
apt-get -q "${APT[@]}" -y install hello-dep
grep -q hello /usr/share/hello-dep
dpkg -r hello-dep >removed
works apt

mkdir -p cargo/src
cat >cargo/Cargo.toml <<END
[package]
name = "user"
version = "0.1.0"
edition = "2021"
[dependencies]
hello-dep = { version = "1", registry = "test" }
END
echo 'fn main() {}' >cargo/src/main.rs
(
  cd cargo
  CARGO_HOME=$TRY/cargo-home CARGO_HTTP_CAINFO=$CA CARGO_REGISTRIES_TEST_INDEX=sparse+https://crates.example:$P/index/ cargo fetch
)
ls cargo-home/registry/cache/*/hello-dep-1.0.0.crate
works cargo

mkdir npm
(
  cd npm
  NODE_EXTRA_CA_CERTS=$CA npm install --cafile $CA --no-audit --no-fund --no-update-notifier --registry "https://npm.example:$P/" hello-dep
)
grep -q 'exports = 1' npm/node_modules/hello-dep/index.js
works npm

pip download --cert $CA --no-cache-dir --disable-pip-version-check --dest pip --index-url "https://pypi.example:$P/simple/" hello-dep
ls pip/hello_dep-1.0.0-py3-none-any.whl
works pip

mkdir maven
cat >maven/pom.xml <<END
<project>
  <modelVersion>4.0.0</modelVersion>
  <parent><groupId>example</groupId><artifactId>parent</artifactId><version>1.0.0</version><relativePath/></parent>
  <artifactId>user</artifactId>
  <packaging>pom</packaging>
  <repositories><repository><id>test</id><url>https://maven.example:$P/</url></repository></repositories>
</project>
END
(
  cd maven
  MAVEN_OPTS="-Djavax.net.ssl.trustStore=/ci/src/trust.p12 -Djavax.net.ssl.trustStorePassword=changeit" \
    mvn -B -q -Dmaven.repo.local="$TRY/m2" validate
)
ls m2/example/parent/1.0.0/parent-1.0.0.pom
works maven

mkdir go
cat >go/go.mod <<END
module user.example/user

go 1.21

require hello.example/dep v1.0.0
END
(
  cd go
  SSL_CERT_FILE=$CA GOPROXY=https://go.example:$P GOFLAGS=-mod=mod GOSUMDB=off GOPATH=$TRY/gopath GOCACHE=$TRY/gocache go mod download -x
)
ls gopath/pkg/mod/cache/download/hello.example/dep/@v/v1.0.0.zip
works go

for host in ssh.example any.other.example; do
  ssh -p @SSH@ "@ME@@$host" echo 'hello, ssh client' | grep -q 'hello, ssh'
done
works ssh

for host in ssh.example any.other.example; do
  scp -q -P @SSH@ wgot "@ME@@$host:@SERVED@/scp-$host"
  ssh -p @SSH@ "@ME@@$host" "cat @SERVED@/scp-$host" | grep -q 'hello, client'
done
works scp

for host in ssh.example any.other.example; do
  rsync -e 'ssh -p @SSH@' wgot "@ME@@$host:@SERVED@/rsync-$host"
  ssh -p @SSH@ "@ME@@$host" "cat @SERVED@/rsync-$host" | grep -q 'hello, client'
done
works rsync

for host in ssh.example any.other.example; do
  git clone -q "ssh://@ME@@$host:@SSH@@GIT@" "by-ssh-$host"
  grep -q hello "by-ssh-$host/README"
done
works 'git over ssh'
