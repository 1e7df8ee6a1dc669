#!/usr/bin/env bash
# Runs every fuzz target of build/dev for some seconds, on a corpus kept in build/dev/corpus.
#   tools/fuzz.sh [--seconds N] [TARGET...]
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
SECONDS_EACH=10
targets=()
while (($# > 0)); do
  case $1 in
    --seconds) SECONDS_EACH=$(value_of "$@"); shift 2 ;;
    -*) die "usage: tools/fuzz.sh [--seconds N] [TARGET...]" ;;
    *) targets+=("$1"); shift ;;
  esac
done
if ((${#targets[@]} == 0)); then
  mapfile -t targets < <(find build/dev/bin -maxdepth 1 -name 'fuzz_*' -type f -executable -printf '%f\n' 2>/dev/null | sort)
fi
((${#targets[@]} > 0)) || die "no fuzz targets; build them first: cmake --preset dev && cmake --build --preset dev --target usance_fuzzers"

run_one() {
  local target=$1 corpus="build/dev/corpus/$1" log="$LOGS/$1.log" seeds=()
  mkdir -p "$corpus"
  [ -d "tests/fuzz/seeds/$target" ] && seeds=("tests/fuzz/seeds/$target")
  if "build/dev/bin/$target" -max_total_time="$SECONDS_EACH" -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="$LOGS/$target-" "$corpus" "${seeds[@]}" >"$log" 2>&1; then
    echo "$target: $(grep -c . <(ls "$corpus")) inputs kept, no failure"
  else
    echo "$target FAILED; see $log and the input beside it" >&2
    tail -n 30 "$log" >&2
    return 1
  fi
}
export -f run_one
export SECONDS_EACH LOGS
printf '%s\0' "${targets[@]}" | xargs -0 -P "$JOBS" -I{} bash -c 'run_one {}' || die "a fuzz target failed"
echo "${#targets[@]} fuzz targets ran for $SECONDS_EACH s each without a failure"
