#!/usr/bin/env bash
# Measures the contract VM in one run against native code and V8's baseline compiler, as
# docs/performance-vm.md reports it: CPU time, the best of several runs, gas on.
#   tools/bench-vm.sh [--runs N] [--kernels FILE.wasm]
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
RUNS=5
MODULE=tests/fixtures/wasm/kernels.wasm
while (($# > 0)); do
  case $1 in
    --runs) RUNS=$(value_of "$@"); shift 2 ;;
    --kernels) MODULE=$(value_of "$@"); shift 2 ;;
    *) die "usage: tools/bench-vm.sh [--runs N] [--kernels FILE.wasm]" ;;
  esac
done
OUT=$ROOT/build/bench-vm
mkdir -p "$OUT"
configure_and_build release --target usance-wasm
TOOL=build/release/bin/usance-wasm
gcc -O2 -w -o "$OUT/native" tests/fixtures/wasm/kernels.c

cat >"$OUT/v8.js" <<'END'
const [file, name, n] = process.argv.slice(2);
const instance = new WebAssembly.Instance(new WebAssembly.Module(require('fs').readFileSync(file)));
instance.exports[name](1);  // V8 compiles a function when it is first called
const before = process.cpuUsage();
const result = instance.exports[name](Number(n)) >>> 0;
const used = process.cpuUsage(before);
console.log(result, (used.user + used.system) / 1000);
END
V8=""
if command -v node >/dev/null; then V8="node --liftoff --no-wasm-tier-up --no-wasm-dynamic-tiering $OUT/v8.js"; fi

# best COMMAND...: the result and the least milliseconds of the runs.
best() {
  for ((i = 0; i < RUNS; i++)); do "$@" 2>/dev/null; done | sort -k2 -n | head -n 1
}

echo "| kernel | native ms | \`usance-wasm run\` ms | times native | V8 Liftoff ms | times native |"
echo "|---|---|---|---|---|---|"
ratios="" v8_ratios=""
for line in "k_sha256:6:SHA-256 of 6 MiB" "k_branchy:100000:branches on 64-bit integers" \
  "k_parse:150:parsing text" "k_hashmap:30:open-addressing hash map" \
  "k_money:40000:decimal money, 128-bit intermediates" "k_fib:32:fib(32), calls"; do
  IFS=: read -r kernel n title <<<"$line"
  read -r native_result native <<<"$(best "$OUT/native" "$kernel" "$n")"
  read -r result ours <<<"$(best "$TOOL" run "$MODULE" "$kernel" "$n")"
  [ "$result" = "$native_result" ] || die "$kernel($n): native code says $native_result, the VM $result"
  ratio=$(awk "BEGIN { printf \"%.2f\", $ours / $native }")
  ratios="$ratios $ratio"
  v8_columns="– | –"
  if [ -n "$V8" ]; then
    # shellcheck disable=SC2086 # a command with its options
    read -r v8_result v8 <<<"$(best $V8 "$MODULE" "$kernel" "$n")"
    [ "$v8_result" = "$native_result" ] || die "$kernel($n): native code says $native_result, V8 $v8_result"
    v8_ratio=$(awk "BEGIN { printf \"%.2f\", $v8 / $native }")
    v8_ratios="$v8_ratios $v8_ratio"
    v8_columns="$(printf '%.1f' "$v8") | $(printf '%.1f' "$v8_ratio")"
  fi
  printf '| %s | %.1f | %.1f | %.1f | %s |\n' "$title" "$native" "$ours" "$ratio" "$v8_columns"
done
mean() { tr ' ' '\n' <<<"$1" | awk 'NF { s += log($1); n++ } END { if (n) printf "%.2f", exp(s / n); else printf "–" }'; }
echo "| geometric mean | | | **$(mean "$ratios")** | | $(mean "$v8_ratios") |"
echo
best_latency() {
  for ((i = 0; i < RUNS; i++)); do "$TOOL" latency "$1" k_nop 1; done | sort -k4 -n | head -n 1
}
echo "$(stat -c %s "$MODULE") bytes: $(best_latency "$MODULE")"
echo "$(stat -c %s tests/fixtures/wasm/thirty-kilobytes.wasm) bytes: $(best_latency tests/fixtures/wasm/thirty-kilobytes.wasm)"
