#!/bin/bash
# In a VM: opens a TCP connection and closes it.
# usage: dns.sh HOST PORT
set -euo pipefail

timeout 60 bash --norc --noprofile -c "exec 3<>'/dev/tcp/$1/$2'" || {
  echo "dns: no connection to $1, port $2" >&2
  exit 1
}
echo "connected to $1, port $2"
