"""The story's hands: members of a development network act through the command line, as people do."""

import dataclasses
import json
import os
import pathlib
import subprocess
import tempfile
import tomllib


class StoryError(Exception):
    """Something came out otherwise than the story says."""


@dataclasses.dataclass
class Refusal:
    """A contract's, or the command line's, no."""

    exit_code: int
    message: str


class Network:
    """A development network under one home folder."""

    def __init__(self, programs, home):
        self.programs = pathlib.Path(programs)
        self.home = pathlib.Path(home)
        # Called before each action on the ledger; a test lets nodes die here.
        self.before_action = lambda: None
        # Called before the story itself kills a node.
        self.before_story_kill = lambda: None

    def run(self, *words, expect=0, timeout=180):
        """Runs usance; returns its JSON, or a Refusal when an exit code other than 0 is expected."""
        command = [str(self.programs / "usance"), "--home", str(self.home), "--output", "json", *map(str, words)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False,
                                  stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            raise StoryError(f"no answer within {timeout} s: {' '.join(command)}") from None
        if expect == 0 and done.returncode == 0:
            return json.loads(done.stdout) if done.stdout.strip() else {}
        if expect != 0 and done.returncode == expect:
            return Refusal(done.returncode, done.stderr.strip())
        raise StoryError(f"{' '.join(command)}\nended with {done.returncode}, expected {expect}:\n"
                         f"{done.stderr.strip()}\n{done.stdout.strip()}")

    def up(self, *options):
        self.run("devnet", "up", *options, timeout=120)

    def down(self):
        self.run("devnet", "down", timeout=60)

    def kill(self, node):
        self.run("devnet", "kill", node)

    def start(self, node):
        self.run("devnet", "start", node)

    def advance_ms(self, milliseconds):
        self.before_action()
        self.run("devnet", "clock", "advance", f"{milliseconds // 1000}s")

    def status(self):
        return self.run("devnet", "status")

    def address_of(self, profile):
        """host:port of the node that the profile asks first."""
        return tomllib.loads((self.home / "profiles" / f"{profile}.toml").read_text())["nodes"][0]

    def member(self, profile):
        return Member(self, profile)


class Member:
    """One person: a profile of the network's home."""

    def __init__(self, network, profile):
        self.network = network
        self.profile = profile

    def run(self, *words, expect=0, timeout=180):
        return self.network.run("--profile", self.profile, *words, expect=expect, timeout=timeout)

    def _with_arguments(self, words, arguments, expect):
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            json.dump(arguments, file)
        try:
            return self.run(*words, "--arguments", "@" + file.name, expect=expect)
        finally:
            os.unlink(file.name)

    def call(self, contract, method, /, **arguments):
        """A transaction; returns {"result", "events", "height", ...}."""
        self.network.before_action()
        return self._with_arguments(("call", contract, method), arguments, 0)

    def refused(self, error, contract, method, /, **arguments):
        """A transaction that the contract must refuse with this error, by name."""
        self.network.before_action()
        refusal = self._with_arguments(("call", contract, method), arguments, 3)
        if error not in refusal.message:
            raise StoryError(f"{contract}.{method} was refused for another reason than {error}: {refusal.message}")
        return refusal

    def view(self, contract, method, /, **arguments):
        """What a view answers."""
        answer = self._with_arguments(("query", "view", contract, method), arguments, 0)
        return answer["result"]


def check(condition, what):
    if not condition:
        raise StoryError(f"this should hold and does not: {what}")


def equal(actual, expected, what):
    if actual != expected:
        raise StoryError(f"{what}: expected {expected!r}, got {actual!r}")
