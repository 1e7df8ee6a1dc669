#!/usr/bin/python3
"""Plays the story on a development network of its own: four validators and an auditor's follower.

    play.py --programs build/release/bin [--home DIR] [--keep] [--quiet]

Ends with exit code 0 only if every step came out as the story says. `tools/demo.sh` runs it for
people, the end-to-end test for the machine; the test also kills a node at a random moment
(--kill-seed), which must change nothing.
"""

import argparse
import pathlib
import random
import shutil
import sys
import tempfile
import time

from ledger import Network, StoryError, check, equal
from story import CREDIT, Story


class Teller:
    """Prints the story for a person; silent when nobody reads."""

    def __init__(self, quiet):
        self.quiet = quiet
        self.number = 0

    def chapter(self, title):
        self.number += 1
        if not self.quiet:
            print(f"\n{self.number}. {title}", flush=True)

    def __call__(self, text):
        if not self.quiet:
            print(f"   {text}", flush=True)


class Killer:
    """Kills one node just before a random action and starts it again some actions later."""

    # The story has about this many actions; a seed beyond the end would kill nobody.
    ACTIONS = 70

    def __init__(self, network, seed):
        chance = random.Random(seed)
        self.network = network
        self.node = chance.randint(1, 4)
        self.kill_at = chance.randint(1, self.ACTIONS - 10)
        self.start_at = self.kill_at + chance.randint(1, 6)
        self.count = 0
        self.down = False

    def __call__(self):
        self.count += 1
        if self.count == self.kill_at:
            # The story's own chapter kills node 2; a second death at once would be one too many.
            if any(not node["running"] for node in self.network.status()["nodes"]):
                self.kill_at += 1
                self.start_at += 1
                return
            self.network.kill(self.node)
            self.down = True
        if self.down and self.count >= self.start_at:
            self.recover()

    def recover(self):
        if self.down:
            self.network.start(self.node)
            self.down = False


def verify_offline(story, bundle, say):
    """Checks the evidence with the network down, and that a flipped byte is caught and named."""
    say.chapter("Evidence that needs no network")
    words = story.verify(bundle)
    for line in words.strip().splitlines()[:12]:
        say(line)
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
    killer = Killer(network, arguments.kill_seed) if arguments.kill_seed is not None else None
    kept = False
    try:
        started = time.monotonic()
        network.up("--follower", *(["--base-port", str(arguments.base_port)] if arguments.base_port else []))
        say(f"Four nodes and a follower serve after {time.monotonic() - started:.1f} s; their home is {home}.")
        if killer:
            network.before_action = killer
        story.play()
        if killer:
            network.before_action = lambda: None
            killer.recover()
            check(killer.count >= killer.kill_at, f"the story has {killer.count} actions, more than {killer.kill_at}")
        bundle = audit(story, network, say)
        if arguments.keep:
            verify_offline(story, bundle, say)
            farewell(network)
            kept = True
        else:
            network.down()
            verify_offline(story, bundle, say)
            say("The network is stopped.")
    finally:
        if not kept:
            try:
                network.down()
            except StoryError:
                pass
            if not arguments.home and sys.exc_info()[0] is None:
                shutil.rmtree(home, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, help="folder of usance, usanced and usance-verify")
    parser.add_argument("--home", help="folder for the network; default a temporary one")
    parser.add_argument("--keep", action="store_true", help="leave the network running")
    parser.add_argument("--quiet", action="store_true", help="do not tell the story")
    parser.add_argument("--base-port", type=int, help="first of the ports to use")
    parser.add_argument("--kill-seed", type=int, help="kill a node at a moment drawn from this number")
    arguments = parser.parse_args()
    try:
        play(arguments)
    except StoryError as error:
        print(f"the story broke: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
