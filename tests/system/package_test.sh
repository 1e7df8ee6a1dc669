#!/usr/bin/env bash
# Builds the Debian package, checks it with lintian and its unit with systemd-analyze, installs it,
# forms a network as docs/operations.md says and starts its first node as the unit does, runs a
# network of installed nodes as the package's user, and removes it all again. Needs root, and a
# machine that has no usance installed; else it says so and is skipped.
#   package_test.sh BUILD_FOLDER
set -euo pipefail
build=$1

skip() { echo "SKIPPED-BY-DESIGN: $*"; exit 0; }
[ "$(id -u)" = 0 ] || skip "installing a package needs root"
command -v lintian >/dev/null || skip "no lintian here"
command -v systemd-analyze >/dev/null || skip "no systemd-analyze here"
dpkg-query -W usance >/dev/null 2>&1 && skip "usance is installed on this machine already"

[ -z "$(ls -A /var/lib/usance 2>/dev/null)" ] || skip "/var/lib/usance holds somebody's node"

out=$(mktemp -d)
members=/var/lib/usance/members-test
home=/var/lib/usance/package-test
daemons=()
cleanup() {
  kill "${daemons[@]}" 2>/dev/null || true
  [ -x /usr/bin/usance ] && runuser -u usance -- usance --home "$home" devnet down >/dev/null 2>&1 || true
  dpkg --purge usance-contract-kit usance >/dev/null 2>&1 || true
  rm -rf "$out" /var/lib/usance
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

# Four members form a network; the first one's home is where the unit looks for it.
as_member() { runuser -u usance -- usance --home "$@"; }
first_port=$((12000 + $$ % 100 * 40))
orgs=(bank-a bank-b customs-c carrier-d) roles=(bank bank customs carrier)
homes=(/var/lib/usance "$members/bank-b" "$members/customs-c" "$members/carrier-d")
runuser -u usance -- mkdir -p "${homes[@]:1}"
for i in 0 1 2 3; do
  as_member "${homes[i]}" node init --network coffee --org "${orgs[i]}" --country DE --role "${roles[i]}" \
    --peer-address "127.0.0.1:$((first_port + 10 * i))" >/dev/null
  as_member "${homes[i]}" genesis member --out "$members/${orgs[i]}.member.json" >/dev/null
done
runuser -u usance -- usance genesis assemble "$members"/*.member.json --out "$members/genesis.json" >/dev/null
for i in 0 1 2 3; do
  sed -i "s/0.0.0.0:7200/127.0.0.1:$((first_port + 10 * i + 1))/; s/127.0.0.1:7300/127.0.0.1:$((first_port + 10 * i + 2))/
    s/127.0.0.1:7400/127.0.0.1:$((first_port + 10 * i + 3))/" "${homes[i]}/node.toml"
  peers=()
  for k in 0 1 2 3; do ((k == i)) || peers+=(--peer "127.0.0.1:$((first_port + 10 * k))"); done
  as_member "${homes[i]}" node join --genesis "$members/genesis.json" "${peers[@]}" >/dev/null
done
read -r -a unit_command < <(sed -n 's/^ExecStart=//p' /lib/systemd/system/usanced.service)
runuser -u usance -- "${unit_command[@]}" --validate
for i in 0 1 2 3; do
  command=(/usr/bin/usanced --config "${homes[i]}/node.toml")
  ((i > 0)) || command=("${unit_command[@]}")
  runuser -u usance -- "${command[@]}" >"$out/${orgs[i]}.log" 2>&1 &
  daemons+=($!)
done
as_member /var/lib/usance keys generate "$members/clerk.key" >"$out/clerk"
clerk=$(grep -oE '[0-9a-f]{64}' "$out/clerk" | head -n 1)
added=""
for _ in $(seq 100); do
  if added=$(as_member /var/lib/usance --profile bank-a.admin call governance AddUser --name clerk --key "$clerk" 2>&1); then
    break
  fi
  sleep 0.2
done
as_member /var/lib/usance --profile bank-a.admin governance members | grep -q clerk ||
  { echo "the network that was formed does not answer: $added"; tail -n 5 "$out"/*.log; exit 1; }
kill "${daemons[@]}"
wait "${daemons[@]}" || true
daemons=()

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
