"""Run gochim as its users do: as a command, against the replica portal on loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crawler import watch
from storage.archive import Archive
from tests.zygote import Zygote

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = ROOT / "replica" / "articles"
FEW = ("briefing", "fact-check", "policy-news", "press-release")
"""The sections that :func:`few_articles` copies, and that an archive watches unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Desk:
    """An archive and the commands on it."""

    root: Path

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "cli", *words, "--archive", str(self.root)]

    def run(self, *words: str, cwd: Path = ROOT) -> Done:
        return typed(*words, "--archive", str(self.root), cwd=cwd)

    def fresh(self, *words: str) -> Done:
        """Run the command as a user starts it: a new interpreter, which loads everything itself."""
        done = subprocess.run(self.command(*words), capture_output=True, text=True, check=False, cwd=ROOT, timeout=300)
        return Done(done.returncode, done.stdout, done.stderr)

    def ok(self, *words: str) -> str:
        done = self.run(*words)
        assert done.code == 0, done
        return done.out

    def json(self, *words: str) -> Any:
        return json.loads(self.ok(*words, "--format", "json"))

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )


def typed(*words: str, cwd: Path = ROOT) -> Done:
    """Run ``gochim`` with these words to its end, in a process of its own that need not load it."""
    return Done(*_zygote().run([*words], cwd, 300))


@cache
def _zygote() -> Zygote:
    """Start the loaded process once for each process that runs tests."""
    return Zygote()


def desk(root: Path, url: str, **settings: object) -> Desk:
    """Make an archive whose settings watch ``url`` without delay and believe one look."""
    given = {"url": url, "contact": "test@example.org", "delay": 0, "removal_checks": 1, "removal_days": 0}
    given |= {"sections": list(FEW), **settings}
    archive = Archive(root)
    archive.create()
    archive.settings_path.write_text(watch.written(**given), encoding="utf-8")
    return Desk(root)


def few_articles(into: Path, number: int = 2) -> Path:
    """Copy the first articles of four sections, so that a test crawls only those."""
    for section in FEW:
        (into / section).mkdir(parents=True)
        for path in sorted((ARTICLES / section).glob("*.toml"))[:number]:
            shutil.copy(path, into / section / path.name)
    return into


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, **more}
