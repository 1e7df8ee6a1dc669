#!/usr/bin/env bash
# Long runs of the consensus simulator, in pieces that can be stopped and taken up again. Every
# finished piece is one line in the record: date, commit, kind, nodes, heights, seeds, passed,
# failed, seconds. Seeds that failed are printed with the command that replays them.
#
#   tools/sim-campaign.sh seeds [--nodes 4] [--heights 200] [--piece 500] [--from 1] [--until 100000] [--minutes 60]
#   tools/sim-campaign.sh twins [--nodes 4] [--piece 5000] [--from 1] [--until 100000] [--minutes 60]
#   tools/sim-campaign.sh mutants        every seeded bug, at most 60 s of processor time each: a table
#   tools/sim-campaign.sh model          four views: minutes, and half a gigabyte
#   tools/sim-campaign.sh total          seeds and failures in the record; a seed run twice counts once
#
# A run goes on after the last seed that the record has for the same kind, nodes and heights, or begins
# at --from: one run per core, each with a range of its own. With a new commit it goes on, too: what was
# run with an older one was run with that one.
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
bin=${USANCE_BIN:-build/release/bin}
record=${USANCE_CAMPAIGN:-docs/simulation-campaign.tsv}
commit=${USANCE_COMMIT:-$(git rev-parse --short HEAD)}
(($# > 0)) || die "which: seeds, twins, mutants, model or total? See tools/sim-campaign.sh --help"
kind=$1; shift
found_failures=0
nodes=4 heights=200 piece=500 until=100000 minutes=60 from=
while [ $# -gt 0 ]; do
  case $1 in
    --nodes) nodes=$(value_of "$@") ;;
    --heights) heights=$(value_of "$@") ;;
    --piece) piece=$(value_of "$@") ;;
    --from) from=$(value_of "$@") ;;
    --until) until=$(value_of "$@") ;;
    --minutes) minutes=$(value_of "$@") ;;
    *) die "unknown argument '$1'; see tools/sim-campaign.sh --help" ;;
  esac
  shift 2
done

run_pieces() {
  local end=$((SECONDS + minutes * 60)) first last begin out
  first=${from:-$(awk -F'\t' -v k="$kind" -v n="$nodes" -v h="$heights" \
    '$3 == k && $4 == n && $5 == h { split($6, r, "[.][.]"); if (r[2] > top) top = r[2] } END { print top + 1 }' "$record")}
  while [ "$first" -le "$until" ] && [ $SECONDS -lt $end ]; do
    last=$((first + piece - 1)); [ "$last" -le "$until" ] || last=$until
    begin=$SECONDS
    out=$("$bin/usance-sim" "$@" --nodes "$nodes" --heights "$heights" --seeds "$first..$last" || true)
    grep -A1 FAILED <<<"$out" || true
    local passed failed
    read -r passed failed < <(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' <<<"$out")
    [ -n "${passed:-}" ] || { echo "seeds $first..$last did not end" >&2; exit 1; }
    printf '%s\t%s\t%s\t%s\t%s\t%s..%s\t%s\t%s\t%s\n' "$(date -u +%F)" "$commit" "$kind" "$nodes" \
      "$heights" "$first" "$last" "$passed" "$failed" $((SECONDS - begin)) >>"$record"
    found_failures=$((found_failures + failed))
    first=$((last + 1))
  done
}

run_mutants() {
  local number=0 name out seeds seconds what
  echo "| bug | found by | seeds | seconds |"
  echo "|---|---|---|---|"
  while read -r name; do
    number=$((number + 1))
    # Processor time, so that other work on the machine does not count.
    { out=$(ulimit -t 60; TIMEFORMAT='processor %U'
            { time "$bin/usance-sim-mutants" --mutation "$number" --seeds 1..5000 \
                --heights "$heights" 2>&1 || true; } 2>&1) || true; } 2>/dev/null
    what=$(sed -n 's/^FAILED seed [0-9]*: \(.*\)/\1/p;s/^\(invariant broken.*\)/\1/p' <<<"$out" | head -1 |
      sed 's/ (at .*//;s/ \[0 .*//;s/|/;/g' | cut -c1-110)
    seeds=$(sed -n 's/^FAILED seed \([0-9]*\):.*/\1/p' <<<"$out" | head -1)
    seconds=$(sed -n 's/^processor \([0-9]*[.][0-9]\).*/\1/p' <<<"$out" | head -1)
    echo "| \`$name\` | ${what:-NOT FOUND} | ${seeds:--} | ${seconds:--} |"
    [ -n "$what" ] || found_failures=$((found_failures + 1))
  done < <(sed -n '/kNone,/,/kMutations/p' consensus/mutation.h | sed -n 's/^ *\(k[A-Za-z]*\),.*/\1/p' |
    grep -v '^kNone$\|^kMutations$')
}

case $kind in
  seeds) [ -f "$record" ] || touch "$record"; run_pieces ;;
  twins) [ -f "$record" ] || touch "$record"; run_pieces --twins ;;
  mutants) run_mutants ;;
  model) time "$bin/usance-model" ;;
  total) awk -F'\t' '{ kind = $3 "\t" $4 "\t" $5; split($6, range, "[.][.]")
                        for (seed = range[1] + 0; seed <= range[2] + 0; seed++)
                          if (!seen[kind, seed]++) seeds[kind]++
                        failed[kind] += $8 }
           END { for (k in seeds) printf "%s\t%d seeds\t%d failed\n", k, seeds[k], failed[k] }' "$record" | sort ;;
  *) die "unknown kind '$kind'; see tools/sim-campaign.sh --help" ;;
esac
((found_failures == 0)) || die "$found_failures failed: seeds that broke an invariant, or seeded bugs that were not found"
