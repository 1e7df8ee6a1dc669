#!/usr/bin/env bash
# Installs the packages, builds, starts four nodes and a follower on this machine, and plays a
# letter of credit from issue to offline proof. Can be run again; a second run is quick.
#   tools/demo.sh            plays the story and stops the network
#   tools/demo.sh --keep     leaves the network running and says what to try next
source "$(dirname "$0")/lib.sh"
cd "$ROOT"

KEEP=()
for argument in "$@"; do
  case $argument in
    --keep) KEEP=(--keep --home "$ROOT/build/demo") ;;
    *) die "unknown argument '$argument'; see tools/demo.sh --help" ;;
  esac
done

step "Packages"
tools/install-deps.sh build
took
step "Build (the first one takes some minutes)"
configure_and_build release --target usance_demo
took
step "The story"
if ((${#KEEP[@]} > 0)) && [ -d build/demo ]; then
  build/release/bin/usance --yes --home build/demo devnet down --delete >/dev/null 2>&1 || true
  rm -rf build/demo
fi
exec /usr/bin/python3 tools/story/play.py --programs build/release/bin "${KEEP[@]}"
