#!/usr/bin/env bash
# Builds the Debian package, checks it with lintian and its unit with systemd-analyze, installs it,
# runs a network of installed nodes as the package's user, and removes it again. Needs root, and a
# machine that has no usance installed; else it says so and is skipped.
#   package_test.sh BUILD_FOLDER
set -euo pipefail
build=$1

skip() { echo "SKIPPED-BY-DESIGN: $*"; exit 0; }
[ "$(id -u)" = 0 ] || skip "installing a package needs root"
command -v lintian >/dev/null || skip "no lintian here"
command -v systemd-analyze >/dev/null || skip "no systemd-analyze here"
dpkg-query -W usance >/dev/null 2>&1 && skip "usance is installed on this machine already"

out=$(mktemp -d)
home=/var/lib/usance/package-test
cleanup() {
  [ -x /usr/bin/usance ] && runuser -u usance -- usance --home "$home" devnet down >/dev/null 2>&1 || true
  dpkg --purge usance-contract-kit usance >/dev/null 2>&1 || true
  rm -rf "$out" "$home"
}
trap cleanup EXIT

cpack --config "$build/CPackConfig.cmake" -B "$out" >"$out/cpack.log" 2>&1 || { cat "$out/cpack.log"; exit 1; }
deb=$(ls "$out"/usance_*.deb)
echo "built $(basename "$deb"), $(stat -c %s "$deb") bytes"
kit=$(ls "$out"/usance-contract-kit_*.deb)
echo "built $(basename "$kit"), $(stat -c %s "$kit") bytes"
lintian --allow-root --fail-on error "$deb" "$kit"

# The kit's dependencies are those of this build; --force-depends: a build may run without some.
dpkg -i --force-depends "$deb" "$kit" >"$out/dpkg.log" 2>&1 || { cat "$out/dpkg.log"; exit 1; }
getent passwd usance >/dev/null
systemd-analyze verify /lib/systemd/system/usanced.service
usance version
usanced --help >/dev/null
usance-verify --help >/dev/null

# The package's user runs the installed daemon: four nodes, a deployed contract, a certified call.
as() { runuser -u usance -- usance --home "$home" "$@"; }
as devnet up
as --profile harbour-bank.admin contract deploy /usr/share/usance/contracts/deposit.wasm --approve-by nile-bank.admin
as --profile harbour-bank.maker call deposit OpenAccount --holder roaster --currency USD
as devnet status

# The installed kit, outside of any source tree: a project, and its module on the ledger.
(cd "$home" && as contract new paper_file && as contract build --project paper_file)
as --profile harbour-bank.admin contract deploy --project "$home/paper_file" --approve-by nile-bank.admin
as --profile nile-bank.admin contract verify paper_file --project "$home/paper_file"
as devnet down
echo "installed, served, removed"
