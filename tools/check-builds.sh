#!/usr/bin/env bash
# The contract VM built by gcc and clang, without and with optimisation: over the official tests, the
# kernels and generated modules all four must come to the same results, traps and gas in both
# interpreters, and agree with wabt's interpreter.
#   tools/check-builds.sh [--modules N] [--peer-modules N] [--kernels FILE]
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
MODULES=5000
PEER_MODULES=5000
KERNELS=${USANCE_KERNELS:-$ROOT/tests/fixtures/wasm/kernels.wasm}
while (($# > 0)); do
  case $1 in
    --modules) MODULES=$(value_of "$@"); shift 2 ;;
    --peer-modules) PEER_MODULES=$(value_of "$@"); shift 2 ;;
    --kernels) KERNELS=$(value_of "$@"); shift 2 ;;
    *) die "usage: tools/check-builds.sh [--modules N] [--peer-modules N] [--kernels FILE]" ;;
  esac
done
[ -f "$KERNELS" ] || die "no module of kernels at $KERNELS"
OUT="$ROOT/build/same"
mkdir -p "$OUT"

find_samples
SPEC=${USANCE_WASM_SPEC_DIR:-}
[ -n "$SPEC" ] || note "without the official tests: set USANCE_WASM_SPEC_DIR to have them compared too"

# What one build computes, on standard output; nothing in it depends on time or place.
observe() {
  local tool=$1
  if [ -n "$SPEC" ]; then
    for profile in full contract; do
      for dispatch in goto switch; do
        # In profile contract two commands of memory_grow fail by design (docs/spec/vm.md).
        "$tool" spectest --digest --profile $profile --dispatch $dispatch "$SPEC" | tail -n 2 || true
      done
    done
  fi
  for kernel in k_sha256:40 k_branchy:40000 k_parse:40 k_hashmap:4000 k_money:4000 k_fib:18; do
    echo "$kernel $("$tool" run "$KERNELS" "${kernel%:*}" "${kernel#*:}" 2>&1 | sed 's/^\([0-9]*\) [0-9.]*$/\1/' | tr '\n' ' ')"
  done
  "$tool" compare --digests --seeds "1..$MODULES"
}

builds=()
for build in "gcc g++ -O0" "gcc g++ -O2" "clang clang++-19 -O0" "clang clang++-19 -O2"; do
  read -r family compiler level <<<"$build"
  name=$family$level
  step "usance-wasm by $compiler $level"
  quietly "configure-$name" cmake -G Ninja -B "$OUT/$name" -S "$ROOT" -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_C_COMPILER="${compiler/++/$([ "$family" = gcc ] && echo cc || echo)}" \
    -DCMAKE_CXX_FLAGS="$level" -DUSANCE_BUILD_NODE=OFF \
    -DUSANCE_VM_DISPATCH="$([ "$level" = -O0 ] && echo switch || echo goto)"
  quietly "build-$name" cmake --build "$OUT/$name" -j "$JOBS" --target usance-wasm golden_histories
  quietly "histories-$name" "$OUT/$name/bin/golden_histories"
  note "recorded histories: $(tail -n 1 "$LOGS/histories-$name.log")"
  observe "$OUT/$name/bin/usance-wasm" >"$OUT/$name.txt"
  note "$(tail -n 1 "$OUT/$name.txt")"
  builds+=("$name")
  took
done

step "Comparison"
for name in "${builds[@]:1}"; do
  if ! difference=$(diff "$OUT/${builds[0]}.txt" "$OUT/$name.txt"); then
    head -n 20 <<<"$difference" >&2
    die "${builds[0]} and $name differ"
  fi
done
note "${#builds[@]} builds agree on $(wc -l <"$OUT/${builds[0]}.txt") lines"
if command -v wasm-interp >/dev/null; then
  "$OUT/gcc-O2/bin/usance-wasm" compare --peer wasm-interp --seeds "100001..$((100000 + PEER_MODULES))" | tail -n 5 |
    sed 's/^/    /'
else
  note "wasm-interp is not installed (Debian package wabt): no comparison with another engine"
fi
took
