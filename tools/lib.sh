# Shared by the developer scripts: help, steps with progress, quiet commands whose output is shown
# only when they fail. Sourced, never run; -h or --help on the script's command line prints the
# comment at its head.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LOGS="$ROOT/build/logs"
JOBS=${JOBS:-$(nproc)}
mkdir -p "$LOGS"

if [ -t 1 ]; then BOLD=$(printf '\033[1m') DIM=$(printf '\033[2m') RED=$(printf '\033[31m') OFF=$(printf '\033[0m')
else BOLD='' DIM='' RED='' OFF=''; fi

STEP_STARTED=$SECONDS
step() {
  STEP_STARTED=$SECONDS
  printf '%s==> %s%s\n' "$BOLD" "$*" "$OFF"
}
note() { printf '    %s\n' "$*"; }
took() { printf '    %sdone in %d s%s\n' "$DIM" $((SECONDS - STEP_STARTED)) "$OFF"; }
die() {
  printf '%serror:%s %s\n' "$RED" "$OFF" "$*" >&2
  exit 1
}

# watched NAME COMMAND...: output goes to build/logs/NAME.log; a line every 30 seconds tells that work
# goes on. Returns the command's exit code.
watched() {
  local log="$LOGS/$1.log" pid started=$SECONDS next=30
  shift
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if ((SECONDS - started >= next)); then
      printf '    %s... %d s: %s%s\n' "$DIM" $((SECONDS - started)) "$(tail -n 1 "$log" | cut -c1-100)" "$OFF"
      next=$((next + 30))
    fi
  done
  wait "$pid"
}

# quietly NAME COMMAND...: as watched; a failure shows the end of the output and ends the script.
quietly() {
  if ! watched "$@"; then
    tail -n 60 "$LOGS/$1.log" >&2
    die "$1 failed; the whole output is in $LOGS/$1.log"
  fi
}

# value_of "$@": the value behind the option that comes first.
value_of() {
  (($# > 1)) || die "$1 needs a value; see $0 --help"
  printf '%s' "$2"
}

# Public documents and the official WebAssembly tests may lie in a folder named `shared` beside the
# project; tests that use them are skipped without (docs/spec/vm.md).
find_samples() {
  local beside=$ROOT/../shared
  if [ -z "${USANCE_SAMPLES_DIR:-}" ] && [ -d "$beside/samples" ]; then
    USANCE_SAMPLES_DIR=$(cd "$beside/samples" && pwd)
    export USANCE_SAMPLES_DIR
  fi
  if [ -z "${USANCE_WASM_SPEC_DIR:-}" ] && [ -f "$beside/wasm-spec.tar.xz" ]; then
    mkdir -p "$ROOT/build/wasm-spec"
    tar -xJf "$beside/wasm-spec.tar.xz" -C "$ROOT/build/wasm-spec"
    export USANCE_WASM_SPEC_DIR=$ROOT/build/wasm-spec/wasm-spec
  fi
}

configure_and_build() {
  local preset=$1
  shift
  cd "$ROOT"
  quietly "configure-$preset" cmake --preset "$preset"
  quietly "build-$preset" cmake --build --preset "$preset" -j "$JOBS" "$@"
}

for argument in "$@"; do
  case $argument in
    -h | --help)
      sed -n '2,${/^#/!q;s/^# \{0,1\}//p}' "$0"
      exit 0
      ;;
  esac
done
