#!/bin/bash
# In a VM: makes TARGET the same as FOLDER; its last directory may be missing.
# usage: rsync.sh FOLDER TARGET PORT
set -euo pipefail

for program in rsync ssh; do
  command -v "$program" >/dev/null || {
    echo "rsync: the image has no $program" >&2
    exit 1
  }
done
exec rsync -av --del --stats -e "ssh -p $3" -- "$1/." "$2/"
