#!/usr/bin/env bash
# Builds the contracts with other versions of clang, lld and libc++ than the project's own, and runs
# their tests on the test chain with those modules: the profile accepts what recent compilers and
# their prebuilt libraries emit, and the contracts do the same.
#   tools/check-clangs.sh [VERSION...]      default: 19
# What is not installed is unpacked from Debian's packages into build/clangs (the packages of two
# versions for wasm cannot be installed beside each other).
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
VERSIONS=("${@:-19}")
CONTRACTS=(deposit letter_of_credit invoice_registry consignment oracle_aggregator payment_undertaking
  envelopes probe)
TESTS=(unit_deposit unit_contracts_credit unit_invoice_registry unit_oracle_aggregator unit_payment_undertaking
  unit_envelopes unit_sdk)

# unpack FOLDER PACKAGE...
unpack() {
  local folder=$1 package
  shift
  mkdir -p "$folder/debs"
  for package in "$@"; do
    compgen -G "$folder/debs/${package}_*.deb" >/dev/null && continue
    (cd "$folder/debs" && quietly "download-$package" apt-get download -q "$package")
    dpkg -x "$folder/debs/${package}_"*.deb "$folder"
  done
}

configure_and_build release --target usance-wasm "${TESTS[@]}" "${CONTRACTS[@]/%/_wasm}"
for version in "${VERSIONS[@]}"; do
  step "Contracts by clang $version"
  home=$ROOT/build/clangs/$version
  unpack "$home" "libc++-$version-dev-wasm32" "libc++abi-$version-dev-wasm32" "libclang-rt-$version-dev-wasm32"
  bin=/usr/lib/llvm-$version/bin
  if [ ! -x "$bin/clang++" ] || [ ! -x "$bin/wasm-ld" ] || [ ! -x "$bin/llvm-ar" ]; then
    unpack "$home" "clang-$version" "lld-$version" "llvm-$version" "libllvm$version" \
      "libclang-cpp$version" "libclang-common-$version-dev"
    bin=$home/usr/lib/llvm-$version/bin
  fi
  # The compiler with the headers of its own version.
  include=$home/usr/lib/llvm-$version/include/wasm32-wasi/c++/v1
  for tool in clang++ wasm-ld llvm-ar; do
    {
      echo '#!/bin/sh'
      echo "export LD_LIBRARY_PATH=$home/usr/lib/x86_64-linux-gnu:$home/usr/lib/llvm-$version/lib"
      if [ $tool = clang++ ]; then
        echo "exec $bin/$tool -nostdinc++ -isystem $include -Wno-unused-command-line-argument \"\$@\""
      else
        echo "exec $bin/$tool \"\$@\""
      fi
    } >"$home/$tool"
    chmod +x "$home/$tool"
  done
  # The prebuilt libraries use what later versions of WebAssembly have.
  cat >"$home/wasm-opt" <<'END'
#!/bin/sh
exec wasm-opt "$@" --enable-sign-ext --enable-mutable-globals --enable-multivalue \
  --enable-reference-types --enable-nontrapping-float-to-int
END
  chmod +x "$home/wasm-opt"
  note "$("$home/clang++" --version | head -n 1)"
  quietly "configure-clang-$version" cmake -G Ninja -B "$home/build" -S "$ROOT" -DUSANCE_BUILD_NODE=OFF \
    -DCMAKE_BUILD_TYPE=RelWithDebInfo -DUSANCE_WASM_CXX="$home/clang++" \
    -DUSANCE_WASM_LD="$home/wasm-ld" -DUSANCE_WASM_AR="$home/llvm-ar" -DUSANCE_WASM_OPT="$home/wasm-opt" \
    -DUSANCE_WASM_BUILTINS="$home/usr/lib/llvm-$version/lib/clang/$version/lib/wasi/libclang_rt.builtins-wasm32.a" \
    -DUSANCE_WASM_LIBCXX="$home/usr/lib/llvm-$version/lib/wasm32-wasi/libc++.a"
  quietly "build-clang-$version" cmake --build "$home/build" -j "$JOBS" --target "${CONTRACTS[@]/%/_wasm}"
  modules=$home/build/contracts
  for contract in "${CONTRACTS[@]}"; do
    module=$(find "$home/build" -name "$contract.wasm" | head -n 1)
    build/release/bin/usance-wasm inspect "$module" | grep -q '^contract profile: accepted' ||
      die "$contract.wasm of clang $version: $(build/release/bin/usance-wasm inspect "$module" | grep '^contract profile')"
    own=$(find build/release -name "$contract.wasm" | head -n 1)
    if cmp -s "$module" "$own"; then die "$contract.wasm is the project's own: clang $version did not build it"; fi
    [ "$(dirname "$module")" = "$modules" ] || cp "$module" "$modules/"
    note "$contract.wasm: accepted, $(stat -c %s "$module") bytes (clang 14: $(stat -c %s "$own"))"
  done
  for test in "${TESTS[@]}"; do
    USANCE_MODULES=$modules quietly "$test-clang-$version" "build/release/bin/$test"
    note "$test: $(grep -E '^\[  PASSED' "$LOGS/$test-clang-$version.log")"
  done
  took
done
