#!/usr/bin/env bash
# Installs the Debian 12 packages that Usance builds, tests and runs with. Quick when they are
# there already.
#   tools/install-deps.sh [build|all]    build: to build and run; all (default): tests and checks too
source "$(dirname "$0")/lib.sh"

BUILD_PACKAGES=(
  g++ cmake ninja-build ccache mold pkg-config
  libssl-dev libsodium-dev libexpected-dev nlohmann-json3-dev
  librocksdb-dev libboost1.81-dev libspdlog-dev libfmt-dev
  libgrpc++-dev libprotobuf-dev libprotoc-dev protobuf-compiler protobuf-compiler-grpc
  libcli11-dev libtoml11-dev prometheus-cpp-dev libpugixml-dev libutf8proc-dev libbenchmark-dev
  libgtest-dev libgmock-dev librapidcheck-dev
  clang-14 lld-14 llvm-14 binaryen libc++-14-dev-wasm32 libc++abi-14-dev-wasm32 libclang-rt-14-dev-wasm32 wasi-libc
  wabt python3 jq procps ca-certificates
)
CHECK_PACKAGES=(
  clang-19 lld-19 llvm-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev
  rustc libstd-rust-dev-wasm32
  python3-grpcio python3-protobuf python3-grpc-tools
  patch lintian faketime gcovr binutils xz-utils adduser systemd prometheus
)

packages=("${BUILD_PACKAGES[@]}")
case ${1:-all} in
  build) ;;
  all) packages+=("${CHECK_PACKAGES[@]}") ;;
  *) die "unknown argument '$1'; see tools/install-deps.sh --help" ;;
esac

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null)" = 'ii ' ] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  note "all ${#packages[@]} packages are installed"
  exit 0
fi
command -v apt-get >/dev/null || die "this script needs Debian 12 (no apt-get here)"
[ "$(id -u)" = 0 ] || die "installing packages needs root; run: sudo $0, or install: ${missing[*]}"
note "installing ${#missing[@]} packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
quietly apt-update apt-get update -q
quietly apt-install apt-get install -q -y --no-install-recommends "${missing[@]}"
