#!/usr/bin/env bash
# The long rest that tools/test.sh leaves out: every sanitizer over everything, clang-tidy over
# everything, long fuzzing, many simulator seeds.
#   tools/check-all.sh [--seeds N] [--fuzz-seconds N]
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
SEEDS=20000
FUZZ=300
while (($# > 0)); do
  case $1 in
    --seeds) SEEDS=$(value_of "$@"); shift 2 ;;
    --fuzz-seconds) FUZZ=$(value_of "$@"); shift 2 ;;
    *) die "usage: tools/check-all.sh [--seeds N] [--fuzz-seconds N]" ;;
  esac
done
step "The short checks"
FUZZ_SECONDS=1 tools/test.sh
step "Sanitizers over everything"
configure_and_build dev
ctest --test-dir build/dev --output-on-failure
took
step "Thread sanitizer"
configure_and_build tsan
TSAN_OPTIONS="ignore_noninstrumented_modules=1 suppressions=$ROOT/tests/tsan.supp" \
  ctest --test-dir build/tsan --output-on-failure -L unit
took
step "clang-tidy over everything"
tools/tidy.sh --all
took
step "Fuzzers, $FUZZ s each"
tools/fuzz.sh --seconds "$FUZZ"
took
step "The contract VM by four compilers' builds"
tools/check-builds.sh
took
step "Contracts by another clang"
tools/check-clangs.sh 19
took
step "Faults and load on real nodes: on four of them ten minutes, on seven ten more"
python3 tests/system/black_box_test.py build/release/bin --seconds 600
python3 tests/system/black_box_test.py build/release/bin --seconds 600 --validators 7
took
step "Lines of consensus/ and base/ that tests reach"
tools/coverage.sh
took
step "Simulator, $SEEDS seeds"
build/release/bin/usance-sim --seeds "1..$SEEDS"
took
step "Every seeded bug is found; four views of the model; the same histories from every compiler"
cmake --build --preset release --target usance-sim-mutants usance-model
tools/sim-campaign.sh mutants
tools/sim-campaign.sh model
tools/sim-digests.sh
took
