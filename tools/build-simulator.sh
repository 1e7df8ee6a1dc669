#!/usr/bin/env bash
# Builds the consensus simulator for campaigns, in build/campaign: optimised at link time and by a
# profile of its own histories, a fifth faster than the release build. The histories are the same:
# it compares some before it says that it is done.
#
#   tools/build-simulator.sh
#   USANCE_BIN=build/campaign/bin tools/sim-campaign.sh seeds --until 100000
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
folder=build/campaign
training=900001..900012 compared=1..20
build() {
  cmake -S . -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=None -DUSANCE_BUILD_NODE=OFF \
    -DCMAKE_CXX_FLAGS="-O3 -g1 -flto=auto $1" >"$folder/log"
  cmake --build "$folder" --target usance-sim >>"$folder/log" 2>&1 || { tail -20 "$folder/log"; die "the build failed"; }
}
histories() { "$folder/bin/usance-sim" --digest --seeds "$compared" --heights 200 | grep '^seed'; }

rm -rf "$folder"
mkdir -p "$folder"
# A profile belongs to the very objects that wrote it.
export CCACHE_DISABLE=1
build "-fprofile-generate -fprofile-update=single"
plain=$(histories)
"$folder/bin/usance-sim" --seeds "$training" --heights 200 | tail -1
# With a profile gcc duplicates paths (-ftracer), and gcc 12.2 then loses a store of
# Core::on_message(Proposal): the simulator says that a proposal left before its record.
build "-fprofile-use -fno-tracer -fprofile-partial-training -Wno-missing-profile"
[ "$plain" = "$(histories)" ] || die "the optimised simulator gives other histories than the plain one"
echo "$folder/bin/usance-sim: the same histories of seeds $compared as without optimisation by profile"
