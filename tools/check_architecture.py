#!/usr/bin/python3
"""Checks the rules of ARCHITECTURE.md that a compiler does not: who may include whom, what may not
appear in deterministic code, and how long a file may grow. Prints each breach as file:line."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# A folder may include its own headers and those of the folders named here.
MAY_INCLUDE = {
    "base": set(),
    "consensus": {"base"},
    "contracts": {"base"},
    "storage": {"base"},
    "proto": {"base"},
    "node": {"base", "consensus", "contracts", "storage", "proto"},
    "tools": {"base", "consensus", "contracts", "storage", "proto", "node"},
}
# The offline verifier must stay small and offline; the simulator must not touch the network, and
# runs the real executor over the real state tree (in memory, through storage/object_source.h). The
# VM's tool measures the prices of host functions over the real store.
TOOL_MAY_INCLUDE = {
    "usance-verify": {"base"},
    "usance-sim": {"base", "consensus", "contracts", "storage"},
    "usance-wasm": {"base", "contracts", "storage"},
    "protoc-gen-usance": {"base"},  # reading a file
}
PROTOBUF_FOLDERS = {"proto", "node", "tools"}

DETERMINISTIC = ("consensus/", "contracts/")
BANNED_IN_DETERMINISTIC = [
    (re.compile(r"#include <(chrono|random|thread|mutex|shared_mutex|condition_variable|future|ctime|time\.h)>"),
     "no clock, randomness, thread or lock here: these are values in the input"),
    (re.compile(r"#include <spdlog|\bspdlog::"), "no logging here: outputs are data"),
    (re.compile(r"\b(std::rand|rand\(\)|std::time|gettimeofday|clock_gettime)\b"), "no clock, no randomness"),
]
FLOAT = re.compile(r"\b(float|double|long double)\b")
UNORDERED_LOOP = re.compile(r"for\s*\([^;)]*:\s*\w*unordered")

MAX_LINES = 450
LONG_FILES_ALLOWED = {
    # One body per operation, read as a table; both interpreters include it whole.
    "contracts/vm/interpreter_ops.inc",
}


def tracked(*patterns):
    out = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns], cwd=ROOT,
                         check=True, capture_output=True, text=True).stdout.split()
    return [ROOT / name for name in sorted(out) if (ROOT / name).is_file()]


def without_strings(line):
    return re.sub(r'"(\\.|[^"\\])*"', '""', line)


def without_comments(line):
    return without_strings(line.split("//")[0])


def check_include(path, number, line, breaches):
    match = re.match(r'#include\s+[<"]([^>"]+)[>"]', line)
    if not match:
        return
    included = match.group(1)
    folder = path.parts[0]
    if included.endswith((".pb.h", ".grpc.pb.h")) and folder not in PROTOBUF_FOLDERS:
        breaches.append(f"{path}:{number}: protobuf headers stay in {', '.join(sorted(PROTOBUF_FOLDERS))}")
    target = included.split("/")[0]
    if target not in MAY_INCLUDE or target == folder:
        return
    allowed = MAY_INCLUDE[folder]
    if folder == "tools" and len(path.parts) > 2:
        allowed = TOOL_MAY_INCLUDE.get(path.parts[1], allowed)
    if target not in allowed:
        breaches.append(f"{path}:{number}: {folder} may not include {target}")


def check_deterministic(path, number, line, breaches):
    name = str(path)
    if not name.startswith(DETERMINISTIC):
        return
    for pattern, why in BANNED_IN_DETERMINISTIC:
        if pattern.search(line):
            breaches.append(f"{path}:{number}: {why}")
    code = without_comments(line)
    if not name.startswith("contracts/vm/") and name.startswith("contracts/") and FLOAT.search(code):
        breaches.append(f"{path}:{number}: no floating point near the ledger")
    if UNORDERED_LOOP.search(code):
        breaches.append(f"{path}:{number}: no iteration over unordered containers")


def check_file(path, breaches):
    relative = path.relative_to(ROOT)
    text = path.read_text(encoding="utf-8").splitlines()
    if relative.parts[0] not in MAY_INCLUDE:
        return
    for number, line in enumerate(text, 1):
        check_include(relative, number, line, breaches)
        check_deterministic(relative, number, line, breaches)
        if re.search(r"\b(TODO|FIXME|XXX)\b", without_strings(line)):
            breaches.append(f"{relative}:{number}: say it in the tracker, not in the code")
    if len(text) > MAX_LINES and str(relative) not in LONG_FILES_ALLOWED:
        breaches.append(f"{relative}: {len(text)} lines; split it by duty (limit {MAX_LINES})")


def main():
    files = tracked("*.cpp", "*.h", "*.inc")
    breaches = []
    for path in files:
        check_file(path, breaches)
    for breach in breaches:
        print(breach)
    if breaches:
        print(f"{len(breaches)} breaches of the architecture's rules")
        return 1
    print(f"{len(files)} files keep the architecture's rules")
    return 0


if __name__ == "__main__":
    sys.exit(main())
