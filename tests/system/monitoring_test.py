#!/usr/bin/python3
"""What deploy/ ships for monitoring, run: a real Prometheus scrapes a development network with the
shipped alert rules; every expression of the dashboard and every metric that docs/operations.md
explains has an answer, every metric of a node is explained there, and a dead node raises an alert.

    monitoring_test.py PROGRAMS_FOLDER SOURCE_FOLDER
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

PROGRAMS = pathlib.Path(sys.argv[1])
SOURCE = pathlib.Path(sys.argv[2]).resolve()
RULES = SOURCE / "deploy/prometheus/usance.rules.yml"


def usance(home, *words):
    out = subprocess.run([PROGRAMS / "usance", "--home", home, "--output", "json", *words],
                         capture_output=True, text=True)
    if out.returncode != 0:
        sys.exit(f"usance {' '.join(map(str, words))}: {out.stderr}")
    return json.loads(out.stdout) if out.stdout.strip() else None


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def eventually(what, condition, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.5)
    sys.exit(f"not within {seconds} s: {what}")


class Prometheus:
    def __init__(self, folder, targets):
        config = folder / "prometheus.yml"
        config.write_text(json.dumps({  # JSON is YAML
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(RULES)],
            "scrape_configs": [{"job_name": "usance", "static_configs": [{"targets": targets}]}]}))
        subprocess.run(["promtool", "check", "config", config], check=True, capture_output=True)
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = open(folder / "prometheus.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'tsdb'}",
             f"--web.listen-address={self.url.removeprefix('http://')}"],
            stdout=self.log, stderr=self.log)

    def query(self, expression):
        answer = json.loads(fetch(f"{self.url}/api/v1/query?" +
                                  urllib.parse.urlencode({"query": expression})))
        assert answer["status"] == "success", answer
        return answer["data"]["result"]

    def alerts(self):
        answer = json.loads(fetch(f"{self.url}/api/v1/alerts"))
        return {alert["labels"]["alertname"] for alert in answer["data"]["alerts"]}

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_page(page):
    """The page itself, and that the manual explains each of its metrics and no others."""
    lint = subprocess.run(["promtool", "check", "metrics"], input=page, text=True,
                          capture_output=True)
    assert lint.returncode == 0, lint.stdout + lint.stderr
    shown = set(re.findall(r"^# TYPE (usance_\S+)", page, re.M))
    manual = (SOURCE / "docs/operations.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `(usance_\w+)", manual, re.M))
    assert shown <= explained, f"not in docs/operations.md: {sorted(shown - explained)}"
    # Shown only once there is something to count.
    sometimes = {"usance_mempool_rejected_total"}
    assert explained - sometimes <= shown, f"not on the page: {sorted(explained - shown)}"


def main():
    for program in ("prometheus", "promtool"):
        if shutil.which(program) is None:
            print(f"SKIPPED-BY-DESIGN: no {program} here")
            return
    subprocess.run(["promtool", "test", "rules", "usance.rules.test.yml"], check=True,
                   cwd=RULES.parent, capture_output=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="usance-monitoring-"))
    home = folder / "network"
    nodes = usance(home, "devnet", "up", "--follower")["nodes"]
    targets = [f"127.0.0.1:{node['metrics']}" for node in nodes]
    prometheus = Prometheus(folder, targets)
    try:
        usance(home, "--profile", "harbour-bank.admin", "contract", "deploy",
               PROGRAMS.parent / "contracts/deposit.wasm", "--approve-by", "nile-bank.admin")
        page = fetch(f"http://{targets[0]}/metrics")
        check_page(page)
        eventually("Prometheus has scraped all nodes",
                   lambda: len(prometheus.query('up{job="usance"} == 1')) == len(targets))
        eventually("two scrapes with a block between them",
                   lambda: prometheus.query("rate(usance_execution_seconds_count[1m])"))
        dashboard = json.loads((SOURCE / "deploy/grafana/usance.json").read_text())
        # No submission was refused: the series begins with the first one that is.
        empty = {"rate(usance_mempool_rejected_total[5m])"}
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                expression = target["expr"]
                if expression in empty:
                    prometheus.query(expression)
                else:
                    eventually(f"the panel {panel['title']!r} shows something: {expression}",
                               lambda e=expression: prometheus.query(e))
        eventually("a network in order raises no alert",
                   lambda: not prometheus.alerts() - {"UsanceDiskFilling"})
        usance(home, "devnet", "kill", "4")
        eventually("a dead node raises alerts",
                   lambda: {"UsanceNodeDown", "UsanceValidatorsMissing",
                            "UsancePeerLost"} <= prometheus.alerts())
        print(f"{len(dashboard['panels'])} panels, {len(targets)} nodes, alerts as shipped: ok")
    finally:
        prometheus.stop()
        usance(home, "devnet", "down")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
