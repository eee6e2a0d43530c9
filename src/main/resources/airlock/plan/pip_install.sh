#!/bin/bash
# In a VM, in the commit's files: installs what a file of requirements names, out of what pip_download has fetched.
# usage: pip_install.sh FOLDER FILE VENV   (VENV is a directory for a virtual environment; empty for the image's own Python)
set -euo pipefail

folder=$1
file=$2
venv=$3
python=python3

command -v python3 >/dev/null || {
  echo "pip_install: the image has no python3" >&2
  exit 1
}
if [ -n "$venv" ]; then
  [ -x "$venv/bin/python3" ] || python3 -m venv "$venv"
  python=$venv/bin/python3
fi
# Debian's Python takes what is not Debian's only when it is told to; here nobody else uses it.
export PIP_BREAK_SYSTEM_PACKAGES=1 PIP_ROOT_USER_ACTION=ignore
exec "$python" -m pip install --disable-pip-version-check --no-input --progress-bar off \
  --no-index --find-links "$folder" --requirement "$file"
