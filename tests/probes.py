"""Run a probe as its users do, in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from cli.main import gochim
from tests.runs import desk


@dataclass(frozen=True, slots=True)
class Probe:
    """What a probe told: its exit code, its document, its talk, and the error it ended with."""

    code: int
    told: dict[str, Any]
    talk: str
    error: BaseException | None

    def said(self, assumption: str, subject: str | None = None) -> str:
        """The verdict of an assumption on one subject."""
        return self.verdict(assumption, subject)["verdict"]

    def verdict(self, assumption: str, subject: str | None = None) -> dict[str, Any]:
        found = [
            one
            for one in self.told["verdicts"]
            if one["assumption"] == assumption and (subject is None or one["subject"] == subject)
        ]
        assert found, (assumption, subject, [one["subject"] for one in self.told["verdicts"]])
        return next((one for one in found if one["verdict"] == "differs"), found[0])


def probe(root: Path, url: str, *words: str, **settings: object) -> Probe:
    """Probe the portal at ``url`` with an archive at ``root``, made when it is not there."""
    if not root.exists():
        desk(root, url, **settings)
    done = CliRunner().invoke(gochim, ["probe", *words, "--format", "json", "--archive", str(root)])
    told = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    error = done.exception if not isinstance(done.exception, SystemExit) else None
    return Probe(done.exit_code, told, done.stderr, error)


def only(*names: str) -> list[str]:
    """The words that choose assumptions."""
    return [word for name in names for word in ("--only", name)]
