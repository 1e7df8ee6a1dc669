#!/bin/sh
# spectest.sh USANCE-WASM CONFIGURED-DIR PROFILE DISPATCH
# Runs the official WebAssembly tests when they are at hand; docs/spec/vm.md says how to get them.
set -eu
dir=${USANCE_WASM_SPEC_DIR:-$2}
if [ -z "$dir" ] || [ ! -d "$dir" ]; then
  echo "SKIPPED-BY-DESIGN: the official WebAssembly tests are not here; set USANCE_WASM_SPEC_DIR"
  exit 0
fi
exec "$1" spectest --profile "$3" --dispatch "$4" "$dir"
