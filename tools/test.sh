#!/usr/bin/env bash
# Installs what is needed, builds, and runs every test. The same command on a desk and in CI.
#   tools/test.sh            everything below
#   tools/test.sh --quick    release build and its tests only
source "$(dirname "$0")/lib.sh"
cd "$ROOT"

QUICK=0
for argument in "$@"; do
  case $argument in
    --quick) QUICK=1 ;;
    *) die "unknown argument '$argument'; see tools/test.sh --help" ;;
  esac
done

PASSED=0
FAILED=0
FAILURES=()

# check NAME COMMAND...: one check that counts as one test.
check() {
  local name=$1 log="$LOGS/$1.log"
  if watched "$@"; then
    PASSED=$((PASSED + 1))
    note "$name: $(tail -n 1 "$log" | cut -c1-120)"
  else
    FAILED=$((FAILED + 1))
    FAILURES+=("$name (see $log)")
    tail -n 40 "$log" >&2
  fi
}

# ctest_run PRESET ARGUMENTS...: as many tests at a time as there are cores. Adds CTest's counts to
# ours and shows its closing lines. A test that fails runs once more, since machines that test are
# often busy; one that then passes is named as unstable, to be looked into.
ctest_run() {
  local preset=$1 log="$LOGS/ctest-$1.log" failed total
  shift
  watched "ctest-$preset" ctest --test-dir "build/$preset" -j "$JOBS" --output-on-failure --repeat until-pass:2 "$@" || true
  failed=$(sed -n 's/.* tests passed, \([0-9]*\) tests failed out of .*/\1/p' "$log" | tail -n 1)
  total=$(sed -n 's/.* tests failed out of \([0-9]*\)$/\1/p' "$log" | tail -n 1)
  if [ -z "$total" ]; then
    tail -n 40 "$log" >&2
    die "no test ran; see $log"
  fi
  PASSED=$((PASSED + total - failed))
  FAILED=$((FAILED + failed))
  if ((failed > 0)); then
    grep -E -A 40 '\*\*\*Failed|\*\*\*Timeout|\*\*\*Exception' "$log" | head -n 300 >&2 || true
    FAILURES+=("$failed tests of the $preset build (see $log)")
  fi
  if ((failed == 0)); then
    sed -n 's/.*Test *#[0-9]*: \([^ ]*\) .*\*\*\*\(Failed\|Timeout\|Exception\).*/    unstable: \1 failed once/p' "$log"
  fi
  sed -n '/tests passed/,$p' "$log" | sed 's/^/    /'
}

step "Packages"
tools/install-deps.sh all
took

step "Rules: dependencies between folders, formatting"
check architecture tools/check_architecture.py
check rules tools/check_rules.py
check format tools/check-format.sh
took

find_samples

step "Release build"
configure_and_build release
took
step "Tests of the release build"
ctest_run release
took

if ((QUICK == 0)); then
  step "Development build of base, consensus, contracts and storage (address and undefined-behaviour sanitizers) with the fuzzers"
  configure_and_build dev --target usance_core_tests usance_fuzzers
  took
  step "Tests of the development build"
  ctest_run dev -L core
  took

  step "Fuzzers: a short run of each"
  check fuzz-smoke tools/fuzz.sh --seconds "${FUZZ_SECONDS:-5}"
  took

  step "clang-tidy on what changed"
  check tidy tools/tidy.sh --changed
  took
fi

if ((FAILED > 0)); then
  printf '\n%sFailed:%s\n' "$RED" "$OFF"
  printf '  %s\n' "${FAILURES[@]}"
fi
printf '\n%d passed, %d failed\n' "$PASSED" "$FAILED"
((FAILED == 0))
