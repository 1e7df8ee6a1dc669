#!/usr/bin/env bash
# One seed is one history, whoever compiled the simulator: builds it with gcc and clang, without
# optimisation and with -O2, and compares the digests of the same seeds.
#
#   tools/sim-digests.sh [SEEDS]        for example 1..40
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
seeds=${1:-1..40}
out=$(mktemp -d); trap 'rm -rf "$out"' EXIT
first=
for build in g++:-O0 g++:-O2 clang++-19:-O0 clang++-19:-O2; do
  compiler=${build%%:*} level=${build##*:}
  folder=build/digest-$compiler$level
  cmake -S . -B "$folder" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$level" \
    -DCMAKE_BUILD_TYPE=None -DUSANCE_BUILD_NODE=OFF >"$out/log"
  cmake --build "$folder" --target usance-sim >>"$out/log" || { tail -20 "$out/log"; exit 1; }
  "$folder/bin/usance-sim" --digest --seeds "$seeds" --heights 60 | grep '^seed' >"$out/$compiler$level"
  if [ -z "$first" ]; then
    first=$out/$compiler$level
  elif ! diff "$first" "$out/$compiler$level"; then
    echo "$compiler $level gives other histories" >&2
    exit 1
  fi
  echo "$compiler $level: $(wc -l <"$out/$compiler$level") histories"
done
echo "the same histories from every compiler"
