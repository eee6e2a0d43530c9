#!/bin/bash
# In a VM: removes everything below FOLDER but the files and links whose path from there fits EXPRESSION (POSIX, extended), and
# the directories that they lie in.
# usage: keep_artifacts.sh FOLDER EXPRESSION
set -euo pipefail

folder=$1
expression=$2

if [ -L "$folder" ] || [ ! -d "$folder" ]; then
  echo "artifacts.paths: $folder is no directory" >&2
  exit 1
fi
cd "$folder"
if ! find -P . -maxdepth 0 -regextype posix-extended -regex . >/dev/null 2>&1; then
  echo "artifacts.paths: the image has no find(1) of GNU's" >&2
  exit 1
fi
find -P . -mindepth 1 -regextype posix-extended ! -type d ! -regex "\\./$expression" -delete
find -P . -mindepth 1 -type d -empty -delete
