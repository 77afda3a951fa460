"""Run a probe as its users do, in this process; or ask its judges about answers made by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from cli.main import gochim
from crawler.portal import Portal
from crawler.probe import ASSUMPTIONS
from crawler.probe.assumption import Gathered, Seen, Verdict
from tests.makers import at, capture, evidence
from tests.runs import desk

PORTAL = Portal()


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


def seen(question: str, path: str = "", body: str | bytes = b"", status: int | None = 200, **given: Any) -> Seen:
    """Make an exchange; fields of the answer are ``fields``, those of its capture all else."""
    data = body.encode() if isinstance(body, str) else body
    fields = given.pop("fields", {"Content-Type": "text/html;charset=UTF-8"})
    sent = tuple((name.encode(), value.encode()) for name, value in fields.items())
    name = f"{question}{path}".replace("/", "-")
    given = {"url": PORTAL.base + path, "status": status, "role": "other", "article": None, **given}
    if status is None:
        given = {"kind": "failure", "failure": "connection", "failure_detail": "It was refused.", **given}
    made = capture(at(0), **{**given, "evidence": evidence(at(0), name)})
    return Seen(question, made._replace(payload_length=len(data)), "HTTP/1.1", sent, data)


def said(name: str, *exchanges: Seen, **given: Any) -> list[tuple[str, str, str]]:
    """Give the verdicts of an assumption: what, how, and what mends it."""
    return [(one.said, one.how, one.mend) for one in judged(name, *exchanges, **given)]


def judged(name: str, *exchanges: Seen, **given: Any) -> tuple[Verdict, ...]:
    return ASSUMPTIONS[name].verdicts(Gathered(PORTAL, exchanges, **given))
