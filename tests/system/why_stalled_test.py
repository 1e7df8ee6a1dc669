#!/usr/bin/python3
"""Twelve faults done to a network of processes; `usance node why-stalled` names the cause of each,
and `usance why-stalled` is the same command.

    why_stalled_test.py PROGRAMS_FOLDER
"""

import pathlib
import re
import shutil
import subprocess
import sys
import time

from fault_network import Failure, Network, can_mount, eventually, main, own_mounts

PATIENCE = 30


class Diagnoses:
    def __init__(self, network):
        self.network = network
        self.nodes = network.nodes
        self.count = 0

    def named(self, fault, node, **expected):
        """Waits until the node's answer has these fields; `says` is looked for in its summary."""
        begin = time.monotonic()
        last = None

        def holds():
            nonlocal last
            last = self.nodes[node].why()
            return last is not None and all(
                value in last["summary"] if field == "says" else last[field] == value
                for field, value in expected.items())

        eventually(lambda: f"{fault}: node {node} says {last}, expected {expected}", holds, PATIENCE)
        self.count += 1
        print(f"{self.count:2} {fault}: {time.monotonic() - begin:.1f} s: {last['summary']}", flush=True)

    def traffic(self):
        """A transaction, certified or not."""
        self.network.add_user("nile-bank", f"u{time.monotonic_ns()}", self.network.key(), timeout="2s")

    def restored(self):
        self.network.mend()
        for node in self.nodes.values():
            node.thaw()
            if not node.running():
                node.start()
        self.network.wait_until_together()

    def idle(self):
        self.named("no transactions", 1, stalled=False, silent=[], says="Nothing waits to be ordered")
        node = self.nodes[1]
        eventually(lambda: f"usance why-stalled says {node.ask('why-stalled')}, usance node why-stalled {node.why()}",
                   lambda: node.ask("why-stalled") is not None and node.ask("why-stalled") == node.why())

    def nodes_down(self):
        self.nodes[4].end()
        self.named("one node is down", 1, quorum_possible=True, start=["node-4"],
                   says="Not heard from: node-4; start what is down")
        self.nodes[3].end()
        self.named("two nodes are down", 1, stalled=True, quorum_possible=False, start=["node-3", "node-4"],
                   says="Too few validators")
        self.restored()

    def frozen_leader(self):
        leader = self.nodes[1].why()["leader"]
        frozen = next(node for node in self.nodes.values() if node.name == leader)
        asked = next(number for number in self.nodes if number != frozen.number)
        frozen.freeze()
        self.traffic()
        self.named("the leader's process is frozen", asked, silent=[leader], says=f"{leader}: connected, and says nothing")
        self.restored()

    def partition(self):
        self.network.cut(*((a, b) for a in (1, 2) for b in (3, 4)), *((b, a) for a in (1, 2) for b in (3, 4)))
        self.named("a partition, two and two", 1, quorum_possible=False, silent=["node-3", "node-4"],
                   says="the network loses what it")
        self.restored()

    def one_way(self):
        self.network.cut((4, 1), (4, 2), (4, 3))
        self.named("what one node sends is lost", 1, quorum_possible=True, silent=["node-4"],
                   says="node-4: connected, and says nothing")
        self.restored()

    def full_disks(self):
        if not can_mount():
            print("   full disks: SKIPPED, no root")
            return

        def noticed(node):
            self.traffic()
            why = self.nodes[node].why()
            return why and "disk is full" in why["summary"]

        self.nodes[4].fill_disk()
        eventually("node 4 notices its full disk", lambda: noticed(4))
        self.named("a full disk", 4, stalled=True, says="disk is full")
        self.nodes[3].fill_disk()
        eventually("node 3 notices its full disk", lambda: noticed(3))
        self.traffic()
        self.named("two full disks, as another node sees it", 1, stalled=True, says="ask them why")
        self.nodes[3].make_room()
        self.nodes[4].make_room()
        self.restored()

    def clock(self):
        self.nodes[4].restart(clock="+1h")

        def noticed():
            self.traffic()
            why = self.nodes[4].why()
            return why and "clock" in why["summary"]

        eventually("node 4 sees that its clock is another", noticed)
        self.named("a clock that is an hour ahead", 4, says="compare the nodes' clocks")
        self.nodes[4].end()
        self.restored()

    def amnesia(self):
        node = self.nodes[4]
        node.end()
        votes = node.data / "votes.log"
        shutil.copy2(votes, node.home / "votes.kept")
        votes.unlink()
        node.start()
        self.named("a vote log that is gone", 4, says="usance validator rotate")
        node.end()
        shutil.move(node.home / "votes.kept", votes)
        self.restored()

    def foreign_certificate(self):
        """The node itself refuses to start and says why; the others name it."""
        node = self.nodes[4]
        node.end()
        theirs = self.nodes[3].home / "tls"
        shutil.move(node.home / "tls", node.home / "tls.kept")
        shutil.copytree(theirs, node.home / "tls")
        node.start()
        self.named("a certificate of somebody else", 1, start=["node-4"], says="start what is down")
        if node.process.wait(PATIENCE) != 1 or "node.failed" not in node.log():
            raise Failure("a node with a foreign certificate does not say why it ends")
        shutil.rmtree(node.home / "tls")
        shutil.move(node.home / "tls.kept", node.home / "tls")
        self.restored()

    def wrong_genesis(self):
        node = self.nodes[4]
        node.end()
        genesis = node.home / "genesis.json"
        text = genesis.read_text(encoding="utf-8")
        changed = re.sub(r'("network":\s*")', r"\1another-", text)
        if changed == text:
            raise Failure("the genesis names no network")
        genesis.write_text(changed, encoding="utf-8")
        shutil.move(node.data / "votes.log", node.home / "votes.kept")
        shutil.move(node.data / "ledger", node.home / "ledger.kept")
        node.start()
        self.named("the genesis of another network", 4, quorum_possible=False, says="another network")
        node.end()
        genesis.write_text(text, encoding="utf-8")
        for name in ("votes.log", "ledger"):
            path = node.data / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        shutil.move(node.home / "votes.kept", node.data / "votes.log")
        shutil.move(node.home / "ledger.kept", node.data / "ledger")
        self.restored()


def run(folder):
    network = Network(sys.argv[1], folder)
    if can_mount():
        for number in (3, 4):
            network.nodes[number].mount_small_disk()
    with network:
        diagnoses = Diagnoses(network)
        for fault in (diagnoses.idle, diagnoses.nodes_down, diagnoses.frozen_leader, diagnoses.partition,
                      diagnoses.one_way, diagnoses.full_disks, diagnoses.clock, diagnoses.amnesia,
                      diagnoses.foreign_certificate, diagnoses.wrong_genesis):
            begin = time.monotonic()
            fault()
            print(f"   ({fault.__name__}: {time.monotonic() - begin:.0f} s)", flush=True)


if __name__ == "__main__":
    own_mounts()
    main(run)
