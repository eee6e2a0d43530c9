#!/usr/bin/env bash
# The whole way on this machine, three times: see docs/getting-started.md. Comes when the server is whole.
set -euo pipefail
echo "demo: FAILED: the server is not whole yet"
exit 1
