#!/usr/bin/env bash
# Every C++ file as .clang-format says.   tools/check-format.sh [--fix]
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
mapfile -t files < <(git ls-files --cached --others --exclude-standard '*.cpp' '*.h' '*.inc' | while read -r f; do [ -f "$f" ] && echo "$f"; done)
case ${1:-} in
  '' | --fix) ;;
  *) die "unknown argument '$1'; see tools/check-format.sh --help" ;;
esac
if [ "${1:-}" = --fix ]; then
  printf '%s\0' "${files[@]}" | xargs -0 -P "$JOBS" -n 40 clang-format-19 -i
  exit 0
fi
if ! printf '%s\0' "${files[@]}" | xargs -0 -P "$JOBS" -n 40 clang-format-19 --dry-run --Werror; then
  die "some files are not formatted; run: tools/check-format.sh --fix"
fi
echo "${#files[@]} files are formatted"
