#!/usr/bin/env bash
# Which lines of consensus/ and base/ the unit tests and the simulator reach: a table of the files, and
# exit 1 below 95 % of either folder's. Seven minutes on two cores.
#
#   tools/coverage.sh [--seeds 60]
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
seeds=60
while (($# > 0)); do
  case $1 in
    --seeds) seeds=$(value_of "$@"); shift 2 ;;
    *) die "unknown argument '$1'; see tools/coverage.sh --help" ;;
  esac
done
command -v gcovr >/dev/null || die "gcovr is missing: tools/install-deps.sh all"
programs=(unit_base unit_consensus unit_evidence unit_storage unit_executor usance-sim)

step "Build with counters"
quietly coverage-configure cmake --preset cov
watched coverage-build cmake --build --preset cov --target "${programs[@]}" || die "see build/logs/coverage-build.log"
took
step "Tests, $seeds simulated histories and some twins"
find build/cov -name '*.gcda' -delete
for test in "${programs[@]}"; do
  [ "$test" = usance-sim ] || watched "coverage-$test" "build/cov/bin/$test" --gtest_brief=1 || die "$test failed: build/logs/coverage-$test.log"
done
quietly coverage-sim build/cov/bin/usance-sim --seeds "1..$seeds" --heights 200
quietly coverage-sim-7 build/cov/bin/usance-sim --nodes 7 --seeds 1..10 --heights 60
quietly coverage-twins build/cov/bin/usance-sim --twins --seeds 1..200
took
step "Lines"
gcovr --root . --filter consensus/ --filter base/ --json build/cov/coverage.json build/cov
failed=0
for folder in consensus base; do
  gcovr --root . --filter "$folder/" --fail-under-line 95 --add-tracefile build/cov/coverage.json || failed=1
done
took
((failed == 0)) || die "less than 95 % of the lines of consensus/ or base/ are reached"
