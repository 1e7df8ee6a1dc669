#!/usr/bin/python3
"""Plays the story on a development network of its own: four validators and an auditor's follower.

    play.py --programs build/release/bin [--home DIR] [--keep] [--quiet]

Ends with exit code 0 only if every step came out as the story says. `tools/demo.sh` runs it for
people, the end-to-end test for the machine; the test also kills a node at a random moment
(--kill-seed), which must change nothing.
"""

import argparse
import itertools
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from ledger import Network, StoryError, check, equal
from story import CREDIT, Story


class Teller:
    """Prints the story for a person; silent when nobody reads."""

    def __init__(self, quiet):
        self.quiet = quiet
        self.number = 0
        self.lines = []

    def line(self, text):
        self.lines.append(text)
        if not self.quiet:
            print(text, flush=True)

    def chapter(self, title):
        self.number += 1
        self.line("")
        self.line(f"{self.number}. {title}")

    def __call__(self, text):
        self.line(f"   {text}")


MARK = "<!-- transcript of tools/demo.sh -->"


def without_chance(line):
    """A line of the transcript without what differs from run to run: times, hashes, sizes, folders."""
    line = re.sub(r"\b[0-9a-f]{8,}\b", "HASH", line)
    line = re.sub(r"\b20\d\d-\d\d-\d\d(T[\d:.]+Z?)?", "DATE", line)
    line = re.sub(r"\b(height|after|heights?) [\d.]+", r"\1 N", line)
    line = re.sub(r"\b\d+ KiB\b", "N KiB", line)
    line = re.sub(r"their home is \S+", "their home is FOLDER", line)
    line = re.sub(r"node-\d \([a-z-]+\)(, )?", "NODE ", line)
    # Which part of the file the flipped bit hits decides what the verifier names.
    return re.sub(r"NOT PROVEN: .*", "NOT PROVEN: REASON", line).rstrip()


def compare_with(readme, lines):
    """The README's transcript is what the demo prints today."""
    text = pathlib.Path(readme).read_text(encoding="utf-8")
    check(MARK in text, f"{readme} has the mark {MARK}")
    block = text.split(MARK, 1)[1].split("```", 2)[1].strip("\n").splitlines()
    shown = [without_chance(line) for line in block]
    told = [without_chance(line) for line in lines]
    for number, (old, new) in enumerate(itertools.zip_longest(shown, told), 1):
        check(old == new, f"line {number} of the transcript in {readme} is what the demo prints:\n  {old}\n  {new}")


class Killer:
    """Kills one node around a random action, in the middle of it more often than not, and starts it
    again some actions later."""

    # The story has more actions than this; a later moment would kill nobody.
    ACTIONS = 60

    def __init__(self, network, seed):
        chance = random.Random(seed)
        self.network = network
        self.node = chance.randint(1, 4)
        self.kill_at = chance.randint(1, self.ACTIONS)
        self.start_at = self.kill_at + chance.randint(1, 6)
        self.delay = chance.uniform(0, 0.3)  # seconds after the action began
        self.count = 0
        self.blow = None
        network.before_action = self.before_action
        network.before_story_kill = self.recover

    def before_action(self):
        self.count += 1
        if self.count == self.kill_at:
            # The story itself kills node 2 in one chapter; four nodes bear one death at a time.
            if any(not node["running"] for node in self.network.status()["nodes"]):
                self.kill_at += 1
                self.start_at += 1
                return
            self.blow = threading.Timer(self.delay, self.network.kill, [self.node])
            self.blow.start()
        elif self.count >= self.start_at:
            self.recover()

    def recover(self):
        if self.blow:
            self.blow.join()
            self.network.start(self.node)
            self.blow = None

    def finish(self):
        self.network.before_action = lambda: None
        self.recover()
        check(self.count >= self.kill_at, f"the story has {self.count} actions, at least {self.kill_at}")


def verify_offline(story, bundle, say):
    """Checks the evidence with the network down, and that a flipped byte is caught and named."""
    say.chapter("Evidence that needs no network")
    lines = story.verify(bundle).strip().splitlines()
    for line in lines[:3]:
        say(line)
    # Of each change: when, and who called what. The verifier prints the whole of it.
    for when, what in zip(lines, lines[1:]):
        if re.match(r" *20\d\d-", when) and " called " in what:
            say(f"{when.strip()[:24]}  {what.strip().split(' {')[0]}")
    forged = bundle.with_suffix(".forged")
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 0x01
    forged.write_bytes(content)
    complaint = story.verify(forged, expect=1).strip().splitlines()
    say("One flipped bit in a copy of the file, and the verifier says:")
    say(complaint[0] if complaint else "")
    check(complaint, "the verifier names what is wrong")


def audit(story, network, say):
    say.chapter("The auditor")
    height, root = story.wait_until_together()
    bundle = story.papers.folder / "credit.evidence"
    history = story.audit(bundle)
    say(f"All nodes stand at height {height} with the state root {root[:16]}...")
    say(f"The auditor, at a follower of its own, asks for credit {CREDIT}: {history['object']['changes']} changes, proven to be all.")
    say(f"It takes away {bundle.name} ({bundle.stat().st_size // 1024} KiB).")
    return bundle


def ask_in_python(network):
    """The same question by the example of docs/examples: any language with gRPC can ask it."""
    example = pathlib.Path(__file__).resolve().parents[2] / "docs" / "examples" / "auditor.py"
    member = network.home / "members" / "auditor"
    node = next(node for node in network.status()["nodes"] if node["organisation"] == "auditor")
    done = subprocess.run(
        ["/usr/bin/python3", example, "--node", f"127.0.0.1:{node['clients']}", "--ca", member / "ca" / "authority.crt",
         "--cert", member / "users" / "auditor.crt", "--key", member / "users" / "auditor.tls.key",
         "--contract", "letter_of_credit", "--object", CREDIT], capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"the Python example works: {done.stderr}")
    return len(done.stdout.strip().splitlines()) - 1


def farewell(network):
    print(f"""
The network goes on. Try next:
  export USANCE_HOME={network.home} PATH={network.programs}:$PATH
  usance devnet status
  usance -p auditor.auditor query view letter_of_credit GetCredit --credit {CREDIT}
  usance -p auditor.auditor audit history letter_of_credit {CREDIT}
  usance -p customs.officer events --contract consignment
  usance devnet down""")


def play(arguments):
    home = pathlib.Path(arguments.home) if arguments.home else pathlib.Path(tempfile.mkdtemp(prefix="usance-story-"))
    network = Network(pathlib.Path(arguments.programs).resolve(), home)
    say = Teller(arguments.quiet)
    story = Story(network, say)
    kept = False
    failed = True
    try:
        started = time.monotonic()
        network.up("--follower", *(["--base-port", str(arguments.base_port)] if arguments.base_port else []))
        say(f"Four nodes and a follower serve after {time.monotonic() - started:.1f} s; their home is {home}.")
        killer = Killer(network, arguments.kill_seed) if arguments.kill_seed is not None else None
        story.play()
        if killer:
            killer.finish()
        bundle = audit(story, network, say)
        if arguments.python_example:
            equal(ask_in_python(network), story.history(CREDIT)["object"]["changes"], "changes that the example prints")
        if arguments.keep:
            verify_offline(story, bundle, say)
            farewell(network)
            kept = True
        else:
            network.down()
            verify_offline(story, bundle, say)
            say("The network is stopped.")
        if arguments.check_transcript:
            compare_with(arguments.check_transcript, say.lines)
        failed = False
    finally:
        if not kept:
            try:
                network.down()
            except StoryError:
                pass
            if not arguments.home and not failed and not kept:
                shutil.rmtree(home, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, help="folder of usance, usanced and usance-verify")
    parser.add_argument("--home", help="folder for the network; default a temporary one")
    parser.add_argument("--keep", action="store_true", help="leave the network running")
    parser.add_argument("--quiet", action="store_true", help="do not tell the story")
    parser.add_argument("--base-port", type=int, help="first of the ports to use")
    parser.add_argument("--kill-seed", type=int, help="kill a node at a moment drawn from this number")
    parser.add_argument("--python-example", action="store_true", help="also run docs/examples/auditor.py")
    parser.add_argument("--check-transcript", help="a README whose transcript must be what is printed")
    arguments = parser.parse_args()
    try:
        play(arguments)
    except StoryError as error:
        print(f"the story broke: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
