#!/bin/sh
# compare.sh USANCE-WASM SEEDS
# Generated modules in this engine and in wabt's interpreter.
set -eu
peer=$(command -v wasm-interp || true)
if [ -z "$peer" ]; then
  echo "SKIPPED-BY-DESIGN: wasm-interp of the Debian package wabt is not installed"
  exit 0
fi
exec "$1" compare --seeds "$2" --peer "$peer"
