#!/usr/bin/env bash
# clang-tidy with the checks of .clang-tidy.
#   tools/tidy.sh --changed      the sources that the latest commits or the work tree changed
#   tools/tidy.sh --all          all of them (long)
#   tools/tidy.sh FILE...
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
COMMITS=${TIDY_COMMITS:-5}
LIMIT=${TIDY_LIMIT:-12}
EXTRA=()

case ${1:-} in
  --all) mapfile -t files < <(git ls-files 'base/*.cpp' 'consensus/*.cpp' 'contracts/*.cpp' 'storage/*.cpp' 'proto/*.cpp' 'node/*.cpp' 'tools/*.cpp') ;;
  --changed)
    # The analyser triples the time; tools/check-all.sh runs it over everything.
    EXTRA=(--checks=-clang-analyzer-*)
    base=$(git rev-list --max-count=$((COMMITS + 1)) HEAD | tail -n 1)
    mapfile -t files < <({ git diff --name-only --diff-filter=d "$base" -- '*.cpp'; git ls-files --others --exclude-standard '*.cpp'; } | grep -E '^(base|consensus|contracts|storage|proto|node|tools)/' | sort -u)
    if ((${#files[@]} > LIMIT)); then
      echo "looking at $LIMIT of ${#files[@]} changed files; tools/check-all.sh looks at all" >&2
      files=("${files[@]:0:LIMIT}")
    fi ;;
  '' | -*) die "usage: tools/tidy.sh --changed | --all | FILE..." ;;
  *) files=("$@") ;;
esac
((${#files[@]} > 0)) || { echo "nothing to check"; exit 0; }

# The preset tidy lists every source alone. Its generated headers are those of the release build;
# without one it makes its own.
quietly configure-tidy cmake --preset tidy
DATABASE=build/tidy
if [ -d build/release/generated ]; then
  DATABASE=build/tidy/database
  mkdir -p "$DATABASE"
  sed "s#$ROOT/build/tidy/#$ROOT/build/release/#g" build/tidy/compile_commands.json \
    >"$DATABASE/compile_commands.json"
else
  configure_and_build tidy
fi
# Contract sources are compiled for wasm by a rule of their own and are not in the database.
known=()
for file in "${files[@]}"; do
  grep -qF "\"$ROOT/$file\"" "$DATABASE/compile_commands.json" && known+=("$file")
done
((${#known[@]} > 0)) || { echo "nothing to check"; exit 0; }
printf '%s\0' "${known[@]}" | xargs -0 -P "$JOBS" -n 1 clang-tidy-19 -p "$DATABASE" --quiet --warnings-as-errors='*' "${EXTRA[@]}" \
  2> >(grep -v 'warnings generated' >&2) \
  || die "clang-tidy found something; see above"
echo "${#known[@]} files are clean"
