#!/usr/bin/env python3
"""Runs every command of a guide, in its order, as a reader would: blocks marked `sh` in one shell,
blocks marked `diff` as patches to the folder that the shell is in. A command that fails fails the
test.

    guide_test.py --programs BIN --guide FILE.md
"""

import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def script_of(guide):
    lines = ["set -euo pipefail", "trap 'usance devnet down >/dev/null 2>&1 || true' EXIT"]
    commands = 0
    for kind, content in BLOCK.findall(guide):
        if kind == "sh":
            for command in content.splitlines():
                lines.append(f"echo {shell_quoted('$ ' + command)}")
                lines.append(command)
                commands += 1
        elif kind == "diff":
            lines.append("patch -p1 <<'END-OF-PATCH'\n" + content + "END-OF-PATCH")
    return "\n".join(lines) + "\n", commands


def shell_quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--guide", type=pathlib.Path, required=True)
    options = parser.parse_args()
    script, commands = script_of(options.guide.read_text(encoding="utf-8"))
    if commands < 10:
        sys.exit(f"{options.guide} has {commands} commands; this test is about a guide with many")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("USANCE_")}
    environment["PATH"] = f"{options.programs.resolve()}:{environment['PATH']}"
    with tempfile.TemporaryDirectory(prefix="usance-guide-") as folder:
        shell = subprocess.Popen(["bash", "-c", script], cwd=folder, env=environment)
        signal.signal(signal.SIGTERM, lambda *_: shell.terminate())
        status = shell.wait()
    if status != 0:
        sys.exit(f"the last command above failed with exit code {status}")
    print(f"{commands} commands of {options.guide.name} work")


if __name__ == "__main__":
    main()
