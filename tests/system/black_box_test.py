#!/usr/bin/python3
"""Four nodes or more, a proxy on every link, clients that never stop, and one fault after the other: at
one node, while f - 1 others are down. At the end: what was certified stays, everything happened at most
once, receipts stand in real-time order, all roots are equal, proofs verify.

    black_box_test.py PROGRAMS_FOLDER [--faults N | --seconds N] [--validators N] [--seed N]

Each kind of fault is done once at least, or N kinds of them; with more seconds they go on in random
order. Prints how long a commit took after a leader's death and how long a restarted node took to vote
again; neither is judged.
"""

import argparse
import json
import pathlib
import random
import shutil
import signal
import subprocess
import threading
import time

from fault_network import Failure, Network, can_mount, eventually, main, own_mounts

CLIENTS = ("harbour-bank", "nile-bank", "customs")


USERS = 200  # that a client adds: an organisation registers 256 keys at most
CHANGING = "changing"  # the user of each organisation whose permissions are changed all the time


class Client(threading.Thread):
    """One call after the other, whatever happens. What is certified stands in `done`. Adds users, each
    under a name of its own, at most USERS in so many seconds; else it changes a user's permissions."""

    def __init__(self, network, org, seconds):
        super().__init__(daemon=True)
        self.network = network
        self.org = org
        self.between_users = max(seconds, 120) / USERS
        self.done = []
        self.added = 0
        self.tried = 0
        self.changes_tried = 0
        self.stopping = False

    def run(self):
        started = time.monotonic()
        while not self.stopping:
            begin = time.monotonic()
            adds = self.added < USERS and begin >= started + self.added * self.between_users
            name = f"{self.org}-{self.added}" if adds else CHANGING
            self.tried += 1
            if adds:
                self.added += 1
                answer = self.network.add_user(self.org, name, self.network.key(), timeout="60s")
            else:
                self.changes_tried += 1
                answer = self.network.change_user(self.org, name, timeout="60s")
            if answer and answer["outcome"]["status"] == "OK":
                self.done.append({"name": name, "org": self.org, "begin": begin, "end": time.monotonic(),
                                  "at": (int(answer["height"]), int(answer["action"]))})


class Faults:
    """What can go wrong with one of `nodes` at a time. Each is over when it returns."""

    def __init__(self, network, dice, clients):
        self.network = network
        self.everybody = list(network.nodes.values())
        self.nodes = self.everybody  # those that are up
        self.dice = dice
        self.clients = clients
        self.commits = []  # seconds from a leader's death to the next certified call
        self.votes = []  # seconds from a start to voting
        self.wiped_votes = []  # the same of nodes that fetch their ledger first

    def do(self, fault):
        """While as many are down as the network bears next to the faulty one."""
        spare = (len(self.everybody) - 1) // 3 - 1
        down = self.dice.sample([node for node in self.everybody if not node.small_disk], spare)
        for node in down:
            node.end()
        self.nodes = [node for node in self.everybody if node not in down]
        fault()
        for node in down:
            node.start()
        self.nodes = self.everybody

    def one(self):
        return self.dice.choice(self.nodes)

    def others(self, node):
        return [other.number for other in self.nodes if other is not node]

    def leader(self):
        """One that is up: while the leader is down the others still name it, until they give up on it."""

        def named():
            for node in self.nodes:
                why = node.why()
                if why:
                    return next((one for one in self.nodes if one.name == why["leader"]), None)
            return None

        return eventually("the nodes name a leader that is up", named, 60)

    def started(self, node, begin, votes=None):
        eventually(f"{node.name} votes again", lambda: (node.status() or {}).get("voting"), 60)
        (self.votes if votes is None else votes).append(time.monotonic() - begin)

    def killed(self):
        node = self.one()
        node.end()
        time.sleep(self.dice.uniform(0, 2))
        begin = time.monotonic()
        node.start()
        self.started(node, begin)

    def frozen(self, longest=None):
        node = self.one()
        node.freeze()
        time.sleep(self.dice.uniform(1, longest or self.longest_freeze))
        node.thaw()

    longest_freeze = 4

    def cut_one_way(self):
        node = self.one()
        away = self.dice.sample(self.others(node), self.dice.randint(1, 3))
        pairs = [(node.number, other) for other in away]
        if self.dice.random() < 0.5:
            pairs = [(b, a) for a, b in pairs]
        self.network.cut(*pairs)
        time.sleep(self.dice.uniform(1, 4))
        self.network.mend()

    def cut_in_two(self):
        a = self.dice.sample([node.number for node in self.nodes], 2)
        b = [node.number for node in self.nodes if node.number not in a]
        self.network.cut(*((x, y) for x in a for y in b), *((y, x) for x in a for y in b))
        time.sleep(self.dice.uniform(1, 4))
        self.network.mend()

    def throttled(self):
        node = self.one()
        pairs = [(node.number, other) for other in self.others(node)]
        self.network.rate(20_000, *pairs, *((b, a) for a, b in pairs))
        time.sleep(self.dice.uniform(2, 4))
        self.network.mend()

    def disk_full(self):
        node = next((one for one in self.nodes if one.small_disk), None)
        if node is None:
            print("   a full disk: SKIPPED, no root", flush=True)
            return
        node.fill_disk()
        eventually(f"{node.name} notices its full disk", lambda: (node.status() or {}).get("disk_full"), 60)
        node.make_room()
        eventually(f"{node.name} goes on", lambda: not (node.status() or {"disk_full": True})["disk_full"], 60)

    def clock_jumps(self):
        node = self.one()
        node.restart(clock=self.dice.choice(("+20s", "-20s", "+1h", "-1h")))
        time.sleep(self.dice.uniform(2, 4))
        begin = time.monotonic()
        node.restart()
        self.started(node, begin)

    def wiped(self):
        """The ledger is gone; the vote log is not."""
        node = self.dice.choice([one for one in self.nodes if not one.small_disk])
        node.end()
        shutil.rmtree(node.data / "ledger")
        begin = time.monotonic()
        node.start()
        self.started(node, begin, self.wiped_votes)

    def rolling_restart(self):
        for node in self.nodes:
            begin = time.monotonic()
            node.restart(signal.SIGTERM)
            self.started(node, begin)

    def leaders_killed(self):
        for _ in range(3):
            leader = self.leader()
            before = {client: len(client.done) for client in self.clients}
            leader.end()
            died = time.monotonic()

            # The first call that was begun after the death.
            def next_commit():
                ends = [call["end"] for client in self.clients for call in client.done[before[client]:]
                        if call["begin"] > died]
                return min(ends, default=None)

            def told():
                return f"a call is certified after the death of {leader.name}: {[node.why() for node in self.nodes]}"

            self.commits.append(eventually(told, next_commit, 60) - died)
            begin = time.monotonic()
            leader.start()
            self.started(leader, begin)

    def vote_log_removed(self):
        """Done last: the node cannot vote again without another key."""
        node = self.nodes[-1]
        node.end()
        (node.data / "votes.log").unlink()
        node.start()
        eventually(f"{node.name} knows what it lost", lambda: (node.status() or {}).get("amnesiac"), 60)
        return node.number


def changes(network, org):
    """(height, action, organisation, user) of each change of a user, as that organisation's node tells it."""
    told = network.run_lines(f"{org}.admin", "events", "--contract", "governance", "--name", "UserChanged")
    if told is None:
        raise Failure(f"the node of {org} does not tell its events")
    return [(*map(int, event["cursor"].split(".")[:2]), event["data"]["organisation"], event["data"]["user"]["name"])
            for event in told]


def check(network, clients, programs):
    done = [call for client in clients for call in client.done]
    if not done:
        raise Failure("nothing was certified")
    told = [changes(network, node.org) for node in network.nodes.values()]
    if any(one != told[0] for one in told):
        raise Failure("the nodes tell different events")
    at = {}
    for height, action, org, user in told[0]:
        if user != CHANGING and (org, user) in at:
            raise Failure(f"{user} was added twice")
        at.setdefault((org, user), []).append((height, action))
    for call in done:
        if call["at"] not in at.get((call["org"], call["name"]), []):
            raise Failure(f"{call} was certified and is now at {at.get((call['org'], call['name']))}")
    for client in clients:
        # One is the user's addition. What was tried and not answered may have happened; nothing else may.
        happened = len(at[client.org, CHANGING]) - 1
        if happened > client.changes_tried:
            raise Failure(f"{client.org}: {client.changes_tried} changes were tried, {happened} happened")
    if len({call["at"] for call in done}) != len(done):
        raise Failure("two calls were answered with one action")
    done.sort(key=lambda call: call["end"])
    newest, index = (0, 0), 0
    for call in sorted(done, key=lambda one: one["begin"]):
        while index < len(done) and done[index]["end"] < call["begin"]:
            newest = max(newest, done[index]["at"])
            index += 1
        if call["at"] <= newest:
            raise Failure(f"{call} was begun after one at {newest} had ended, and stands before it")
    for org in CLIENTS:
        file = network.home / f"{org}.evidence"
        if network.run(f"{org}.admin", "audit", "export", "governance", f"organisation/{org}", "--out", file) is None:
            raise Failure(f"no evidence of {org}")
        subprocess.run([programs / "usance-verify", file, "--genesis", network.home / "genesis.json"], check=True,
                       capture_output=True)
    return len(done), sum(client.tried for client in clients)


def numbers(values, bound):
    if not values:
        return "none"
    return (f"{min(values):.2f} to {max(values):.2f} s, {len(values)} times, of which {sum(v <= bound for v in values)} "
            f"within {bound:g} s")


def run(folder):
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--faults", type=int, default=None)
    parser.add_argument("--validators", type=int, default=4)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}", flush=True)
    dice = random.Random(seed)
    network = Network(options.programs, folder, options.validators)
    if can_mount():
        network.nodes[4].mount_small_disk()
    with network:
        for org in CLIENTS:
            if network.add_user(org, CHANGING, network.key()) is None:
                raise Failure(f"{org} adds no user")
        clients = [Client(network, org, options.seconds) for org in CLIENTS]
        faults = Faults(network, dice, clients)
        if options.seconds > 120:
            faults.longest_freeze = 60
        for client in clients:
            client.start()
        kinds = [faults.killed, faults.frozen, faults.cut_one_way, faults.cut_in_two, faults.throttled,
                 faults.disk_full, faults.clock_jumps, faults.wiped, faults.rolling_restart, faults.leaders_killed]
        dice.shuffle(kinds)
        until = time.monotonic() + options.seconds
        todo = kinds[:options.faults]
        while todo or time.monotonic() < until:
            fault = todo.pop() if todo else dice.choice(kinds)
            begin = time.monotonic()
            faults.do(fault)
            for node in network.nodes.values():
                node.keep_disk_small()
            network.wait_until_heard()
            print(f"   {fault.__name__}: {time.monotonic() - begin:.1f} s", flush=True)
        amnesiac = faults.vote_log_removed()
        for client in clients:
            client.stopping = True
        for client in clients:
            client.join(90)
        network.wait_until_together(but=(amnesiac,))
        certified, tried = check(network, clients, pathlib.Path(options.programs))
        parameters = network.run("harbour-bank.admin", "governance", "parameters")
        base = float(parameters["base_timeout_ms"]) / 1000
        print(f"{certified} of {tried} calls certified; all checks hold")
        print(f"from a leader's death to the next certified call, by the command line: {numbers(faults.commits, 2 * base)}")
        print(f"from a node's start to its vote: {numbers(faults.votes, 3)}; with the ledger to be fetched first: "
              f"{numbers(faults.wiped_votes, 3)}", flush=True)


if __name__ == "__main__":
    own_mounts()
    main(run)
