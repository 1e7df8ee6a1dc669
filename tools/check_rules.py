#!/usr/bin/python3
"""Whether every numbered line of docs/spec/consensus.md is named by the code that implements it (C-6.2 in a
comment) and by a test: C-lines as C6_2 in a test's name, or as C-6.2 in a script or a comment of tests/; the
simulator's S-lines by its checker. Prints each line that nothing names, and each name of a line that does not exist."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SPECIFICATION = "docs/spec/consensus.md"
# C6_2 or C-6.2, S-3; not part of a longer word.
NAME = re.compile(r"(?<![A-Za-z0-9])(?:C(\d+)_(\d+)|C-(\d+)\.(\d+)|S-(\d+))(?![0-9.]*[0-9])")


def lines_of(text):
    return re.findall(r"\*\*([CS]-\d+(?:\.\d+)?)\*\*", text)


def named_in(folder):
    """Line -> where it is named first."""
    names = {}
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", folder], cwd=ROOT,
                            check=True, capture_output=True, text=True).stdout.split()
    for file in listed:
        if not file.endswith((".cpp", ".h", ".py")) or not (ROOT / file).is_file():
            continue
        for match in NAME.finditer((ROOT / file).read_text(encoding="utf-8")):
            a, b, c, d, s = match.groups()
            names.setdefault(f"S-{s}" if s else f"C-{a or c}.{b or d}", file)
    return names


def main():
    lines = lines_of((ROOT / SPECIFICATION).read_text(encoding="utf-8"))
    code = named_in("base") | named_in("node") | named_in("consensus")
    tests = {}
    for folder in ("tests/unit/base", "tests/unit/consensus", "tests/system"):
        tests = named_in(folder) | tests
    tests |= {line: file for line, file in named_in("tools/usance-sim").items() if line.startswith("S-")}
    wrong = [f"{SPECIFICATION}: no test names {line}" for line in lines if line not in tests]
    wrong += [f"{SPECIFICATION}: no code names {line}" for line in lines if line not in code and line.startswith("C-")]
    wrong += [f"{file}: {SPECIFICATION} has no line {line}"
              for line, file in (code | tests).items() if line not in lines]
    print("\n".join(wrong) if wrong else f"{len(lines)} numbered lines, each named by the code and by a test")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
