"""Small git repositories with params, results and training code, at times set by hand."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

START = datetime(2024, 5, 1, 12, tzinfo=UTC)
NAMES: dict[str, Any] = {
    "scale": "quick",
    "studies": {"calls": {"path": "data"}},
    "sweeps": {"a": {"study": "calls", "writeup": "p", "after": "none"}},
    "writeups": {"p": {"study": "calls", "title": "P"}},
}
FILE: dict[str, Any] = {
    "data": {"source": "synthetic"},
    "training": {"dropout": 0.1},
    "evaluation": {"thresholds": 100},
    "metrics": {"f1": {"label": "F1", "better": "higher", "margin": 0.02}},
    "scales": {"quick": {"data": {"train": 10}, "training": {"epochs": 2}}},
    "sweeps": {"a": {"title": "A", "design": {"factors": {"mixup": [0, 1]}, "seeds": [1, 2, 3]}}},
    "writeups": {
        "p": {
            "claims": {
                "one": {"says": "It lifts.", "metric": "f1", "expect": "increase"},
                "two": {"says": "It harms.", "metric": "f1", "expect": "decrease"},
            }
        }
    },
}
PARAMS = {"params.yaml": NAMES, "params/calls.yaml": FILE}
RESULTS = {"results/promoted/a.json": "{}"}
CODE = "src/studies/calls/training/lane.py"


def changed(value: object, *keys: str, base: dict[str, Any] = FILE) -> dict[str, Any]:
    """Return the study's file, or another mapping, with one value changed; None takes it away."""
    key, *inside = keys
    if not inside and value is None:
        return {k: v for k, v in base.items() if k != key}
    return {**base, key: changed(value, *inside, base=base.get(key, {})) if inside else value}


class Repository:
    """A git repository in a folder.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self._minutes = folder, 0
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        """Run git, a minute later than the last time."""
        self._minutes += 1
        when = (START + timedelta(minutes=self._minutes)).isoformat()
        identity = {"NAME": "a", "EMAIL": "a@example.org", "DATE": when}
        env = {f"GIT_{who}_{k}": v for who in ("AUTHOR", "COMMITTER") for k, v in identity.items()}
        env |= {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(self.folder)}
        command = ["git", "-C", str(self.folder), *arguments]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def write(self, files: dict[str, Any]) -> None:
        """Write files by their paths: mappings as YAML; None takes a file away."""
        for path, content in files.items():
            place = self.folder / path
            if content is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
            place.write_text(text)

    def commit(self, *files: dict[str, Any]) -> str:
        """Write files, commit all that there is, and return the commit's name."""
        for some in files:
            self.write(some)
        self.git("add", "-A")
        self.git("commit", "-qm", "change", "--allow-empty")
        return self.git("rev-parse", "HEAD")

    def cloned(self, folder: Path, *options: str) -> Path:
        """Clone it, and return the clone's folder."""
        self.git("clone", "-q", *options, f"file://{self.folder}", str(folder))
        return folder
