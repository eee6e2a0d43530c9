#!/bin/bash
# In a VM: installs the packages that deb_get has fetched. The image may have had all of them already.
# usage: deb_install.sh
set -eu
cd /ci/deps/debian && shopt -s nullglob && files=(./*.deb) || exit
if [ ${#files[@]} -eq 0 ]; then
  echo "deb_install: nothing was fetched that the image lacks"
else
  apt-get install -y "${files[@]}"
fi
