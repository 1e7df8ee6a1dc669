"""A development network whose nodes reach each other only through a proxy on every link, and the
faults that tests do to it: processes killed and frozen, links cut one way or slowed, disks filled,
clocks moved, files taken away."""

import asyncio
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

OPEN = None  # a direction's rate: bytes per second, 0 for cut, None for no limit
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


class Failure(Exception):
    """What a test expected and did not see."""


def own_mounts():
    """Starts this program again where its mounts are nobody else's. Needs root."""
    if os.geteuid() == 0 and os.environ.get("USANCE_OWN_MOUNTS") != "1":
        os.environ["USANCE_OWN_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable] + sys.argv)


def can_mount():
    return os.environ.get("USANCE_OWN_MOUNTS") == "1"


def eventually(what, condition, seconds=30):
    """The first true value of the condition; Failure after the time."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise Failure(f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.1)


class Link:
    """What one node dials instead of another's peer port. A cut direction holds its bytes back, as a
    network does that loses every packet; they arrive when it is mended."""

    def __init__(self, target):
        self.target = target
        self.there = OPEN  # from the node that dialled
        self.back = OPEN
        self.port = None

    async def listen(self):
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]

    async def _serve(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._pump(reader, far_writer, "there"), self._pump(far_reader, writer, "back"))

    async def _pump(self, reader, writer, direction):
        try:
            while data := await reader.read(16_384):
                while (rate := getattr(self, direction)) == 0:
                    await asyncio.sleep(0.02)
                if rate is not OPEN:
                    await asyncio.sleep(len(data) / rate)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


class Node:
    def __init__(self, network, description):
        self.network = network
        self.number = description["number"]
        self.name = description["name"]
        self.org = description["organisation"]
        self.peers_port = description["peers"]
        self.home = network.home / "members" / self.org
        self.process = None
        self.frozen = False
        self.small_disk = False

    @property
    def data(self):
        return self.home / "data"

    def start(self, clock=None):
        """`clock`: what its machine's clock is wrong by, as faketime writes it ("+1h")."""
        environment = dict(os.environ)
        if clock is not None:
            environment.update(LD_PRELOAD=FAKETIME, FAKETIME=clock, FAKETIME_DONT_FAKE_MONOTONIC="1",
                               DONT_FAKE_MONOTONIC="1")
        with open(self.home / "node.log", "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [self.network.programs / "usanced", "--config", self.home / "node.toml"],
                stdout=log, stderr=log, env=environment)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def end(self, how=signal.SIGKILL):
        if self.process is not None:
            self.thaw()
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None

    def restart(self, how=signal.SIGKILL, **options):
        self.end(how)
        self.start(**options)

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)
        self.frozen = True

    def thaw(self):
        if self.frozen and self.running():
            self.process.send_signal(signal.SIGCONT)
        self.frozen = False

    def mount_small_disk(self, megabytes=32):
        """Before its first start."""
        self.data.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "usance-test", self.data], check=True)
        self.small_disk = True

    def keep_disk_small(self, megabytes=28):
        """So much is free on a small disk, though the ledger has grown. With more the store would set space
        aside that a full disk leaves it."""
        if self.small_disk:
            disk = os.statvfs(self.data)
            size = (disk.f_blocks - disk.f_bfree) * disk.f_frsize + (megabytes << 20)
            subprocess.run(["mount", "-o", f"remount,size={size >> 10}k", self.data], check=True)

    def fill_disk(self):
        with open(self.data / "filler", "ab", buffering=0) as filler:
            size = 1 << 16
            while size:
                try:
                    if filler.write(b"x" * size) < size:
                        size //= 2
                except OSError:
                    size //= 2

    def make_room(self):
        (self.data / "filler").unlink(missing_ok=True)

    def ask(self, *words):
        """What an operator's command answers, or None."""
        return self.network.run(f"{self.org}.admin", "--timeout", "5s", *words)

    def why(self):
        return self.ask("node", "why-stalled")

    def status(self):
        return self.ask("node", "status")

    def log(self):
        path = self.home / "node.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


class Network:
    """Four validators or more. Stop it, whatever happens: it is a context manager."""

    def __init__(self, programs, folder, validators=4):
        self.programs = pathlib.Path(programs).resolve()
        self.home = pathlib.Path(folder) / "net"
        self.loop = asyncio.new_event_loop()
        self.users = itertools.count(1)
        self._command("devnet", "up", "--home", self.home, "--validators", str(validators))
        self._command("devnet", "down", "--home", self.home)
        described = json.loads((self.home / "devnet.json").read_text(encoding="utf-8"))["nodes"]
        self.nodes = {one["number"]: Node(self, one) for one in described if one["validator"]}
        # (a, b): what a dials for b.
        self.links = {(a, b): Link(self.nodes[b].peers_port) for a, b in itertools.permutations(self.nodes, 2)}
        threading.Thread(target=self._run_proxies, daemon=True).start()
        eventually("the proxies listen", lambda: all(link.port for link in self.links.values()))
        for node in self.nodes.values():
            text = (node.home / "node.toml").read_text(encoding="utf-8")
            dials = ", ".join(f'"127.0.0.1:{self.links[node.number, other].port}"'
                              for other in self.nodes if other != node.number)
            text, changed = re.subn(r"(?m)^connect = \[.*\]$", f"connect = [{dials}]", text)
            assert changed == 1, text
            (node.home / "node.toml").write_text(text, encoding="utf-8")

    def _run_proxies(self):
        asyncio.set_event_loop(self.loop)
        for link in self.links.values():
            self.loop.run_until_complete(link.listen())
        self.loop.run_forever()

    def __enter__(self):
        for node in self.nodes.values():
            node.start()
        self.wait_until_together()
        return self

    def __exit__(self, kind, *_):
        for node in self.nodes.values():
            node.end(signal.SIGKILL if kind else signal.SIGTERM)
        for node in self.nodes.values():
            if kind:
                print(f"--- {node.name}\n" + "\n".join(node.log().splitlines()[-25:]), file=sys.stderr)
            if node.small_disk:
                subprocess.run(["umount", "--lazy", node.data], check=False)

    def _command(self, *words):
        done = subprocess.run([self.programs / "usance", *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failure(f"usance {' '.join(map(str, words))}: {done.stderr}")

    def run(self, profile, *words, timeout=120):
        """The JSON answer of a command, or None if it failed."""
        lines = self.run_lines(profile, *words, timeout=timeout)
        return lines[0] if lines else None

    def run_lines(self, profile, *words, timeout=120):
        """The same of one that answers with a document a line."""
        command = [self.programs / "usance", "--home", self.home, "--profile", profile, "--output", "json", *words]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
        except subprocess.TimeoutExpired:
            return None
        if done.returncode != 0:
            return None
        documents, decoder, text = [], json.JSONDecoder(), done.stdout.strip()
        while text:
            document, end = decoder.raw_decode(text)
            documents.append(document)
            text = text[end:].lstrip()
        return documents

    def key(self):
        """A public key that nobody has registered."""
        file = self.home / f"key-{os.getpid()}-{next(self.users)}"
        made = self.run("harbour-bank.admin", "keys", "generate", file)
        file.unlink()
        return made["public_key"]

    def add_user(self, org, name, key, timeout="30s"):
        """A transaction whose effect happens once or not at all. Its answer, or None."""
        return self.run(f"{org}.admin", "--timeout", timeout, "call", "governance", "AddUser", "--name", name,
                        "--key", key)

    def change_user(self, org, name, timeout="30s"):
        """The same of one whose effect can be repeated."""
        return self.run(f"{org}.admin", "--timeout", timeout, "call", "governance", "ChangePermissions", "--user", name,
                        "--permissions", "maker")

    def cut(self, *directions):
        """Loses what the first node of each pair sends to the second."""
        self.rate(0, *directions)

    def rate(self, rate, *directions):
        for a, b in directions:
            self.links[a, b].there = rate
            self.links[b, a].back = rate

    def mend(self):
        self.rate(OPEN, *self.links)

    def wait_until_heard(self, seconds=60):
        """All run, hear each other, vote, and none is behind: while clients go on."""

        def heard():
            for node in self.nodes.values():
                why, status = node.why(), node.status()
                if not why or not status or why["silent"] or not status["voting"] or status["catching_up"]:
                    return False
            return True

        eventually(lambda: f"the nodes hear each other: {[node.why() for node in self.nodes.values()]}", heard, seconds)

    def wait_until_together(self, seconds=60, but=()):
        """The same when no client goes on, and all have one height and root. Those in `but` need not vote."""

        def together():
            seen = set()
            for node in self.nodes.values():
                why, status = node.why(), node.status()
                if not why or not status or why["silent"] or not (status["voting"] or node.number in but):
                    return False
                seen.add((status["certified_height"], status["state_root"]))
            return len(seen) == 1

        eventually(lambda: f"the nodes are together: {[node.why() for node in self.nodes.values()]}", together, seconds)


def main(run):
    """Runs a test with a folder that goes, and says how it ended."""
    import tempfile
    folder = tempfile.mkdtemp(prefix="usance-faults-")
    try:
        run(folder)
    except Failure as failure:
        sys.exit(f"FAILED: {failure}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
