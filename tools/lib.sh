# Shared by the developer scripts: steps with progress, quiet commands whose output is shown only
# when they fail. Sourced, never run.
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

configure_and_build() {
  local preset=$1
  shift
  cd "$ROOT"
  quietly "configure-$preset" cmake --preset "$preset"
  quietly "build-$preset" cmake --build --preset "$preset" -j "$JOBS" "$@"
}
