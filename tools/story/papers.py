"""The papers of the story: tests/fixtures/story with its dates moved to where they lie ahead of the
ledger's clock. The files stay in the parties' folder; the ledger gets hashes and key data."""

import datetime
import hashlib
import json
import pathlib
import subprocess
import sys

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "story"


class Papers:
    def __init__(self, today, folder):
        self.folder = pathlib.Path(folder)
        subprocess.run([sys.executable, FIXTURES / "prepare.py", self.folder, "--today", today.isoformat()], check=True)
        lines = (self.folder / "dates.env").read_text(encoding="utf-8").split()
        self.days = {name.removeprefix("STORY_"): datetime.date.fromisoformat(day)
                     for name, day in (line.split("=") for line in lines)}

    def path(self, name):
        return self.folder / name

    def read(self, name):
        return json.loads(self.path(name).read_text(encoding="utf-8"))

    def noon_ms(self, day):
        """Noon in UTC of one of the story's days: within banking hours in Hamburg and Kampala."""
        moment = datetime.datetime.combine(self.days[day], datetime.time(12), datetime.timezone.utc)
        return int(moment.timestamp() * 1000)


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
