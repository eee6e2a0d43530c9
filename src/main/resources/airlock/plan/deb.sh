#!/bin/bash
# In a VM, in the commit's files: builds its Debian package and puts all that comes of it into FOLDER.
# usage: deb.sh FOLDER
set -euo pipefail

for program in dpkg-parsechangelog dpkg-buildpackage xz; do
  command -v "$program" >/dev/null || {
    echo "deb: the image has no $program" >&2
    exit 1
  }
done
source=$(dpkg-parsechangelog -S Source)
version=$(dpkg-parsechangelog -S Version)
version=${version#*:}
orig=../${source}_${version%-*}.orig.tar.xz

# without .git, the files are the commit's all the same until something is built
if git rev-parse -q --verify HEAD >/dev/null 2>&1; then
  git archive HEAD | xz >"$orig"
else
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C . -c . | xz >"$orig"
fi
dpkg-buildpackage -us -uc
ls -l ..
mv ../*_* "$1"
