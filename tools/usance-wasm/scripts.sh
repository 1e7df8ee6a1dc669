#!/bin/sh
# scripts.sh USANCE-WASM FOLDER DISPATCH
# Converts the .wast files of a folder and runs them.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for script in "$2"/*.wast; do
  wast2json "$script" -o "$work/$(basename "$script" .wast).json"
done
"$1" spectest --dispatch "$3" "$work"
