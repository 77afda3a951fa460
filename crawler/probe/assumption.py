"""What an assumption about the portal is, what its judge sees, and the verdicts there are.

A judge is a pure function: from the captures of one run, as bytes, to verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from crawler.notices import what_else
from crawler.portal import Portal
from crawler.sections import SECTIONS
from storage import charsets, http_message
from storage.command_line import gochim
from storage.records import Capture, Document, Evidence

Said = Literal["holds", "differs", "cannot tell"]
NOTHING = "Nothing to mend: gochim copes with both."
_BLOCKING = frozenset({401, 403, 429, 451})


class CannotTellError(Exception):
    """The captures do not show whether an assumption holds; the message says why."""


@dataclass(frozen=True)
class Seen:
    """One exchange as a judge sees it.

    Args:
        question: What was asked with it (``list:policy-news``); empty for what belongs to a look at an article.
        capture: Where its bytes stand.
        version: ``HTTP/1.1``, empty without an answer.
        fields: The answer's header fields, as sent.
        body: The answer's body without chunk framing and content coding.
        unread: Why there is no body although there is an answer; empty when there is one.
        protocols: What it was spoken over, ``http/1.1`` and ``tls/1.3``.
    """

    question: str
    capture: Capture
    version: str = ""
    fields: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    unread: str = ""
    protocols: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """Give the first value of a header field, None without one."""
        return http_message.field(list(self.fields), name)

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return charsets.text_of(self.body, self.header("Content-Type"))

    @property
    def media_type(self) -> str:
        """The Content-Type without parameters, empty without one."""
        return http_message.media_type(list(self.fields)) or ""

    @property
    def status(self) -> int | None:
        """The status, None when there was no answer."""
        return self.capture.status


@dataclass(frozen=True)
class Handshake:
    """What the server said of itself before any request: TLS version, ALPN choice, certificate; or why it did not.

    ``reached`` is false where not even a connection came about, which says nothing of TLS.
    """

    tls: str = ""
    cipher: str = ""
    alpn: str | None = None
    subject: str = ""
    issuer: str = ""
    not_after: str = ""
    days_left: int = 0
    failure: str = ""
    reached: bool = True


@dataclass(frozen=True)
class Gathered:
    """All that one run of the probe brought: its exchanges in the order in which they were asked.

    Args:
        portal: Whose address rules hold.
        exchanges: Every exchange, redirects and failures too.
        files: Whether the settings have files fetched.
        images: Whether they have pictures fetched.
        handshake: What a TLS handshake alone said, None for a portal without TLS.
        api_key: Whether the settings hold a service key of the open API.
        kinds: The kinds of questions that were to be asked.
        documents: What the files that came say, by the record of each.
    """

    portal: Portal
    exchanges: tuple[Seen, ...]
    files: bool = True
    images: bool = True
    handshake: Handshake | None = None
    api_key: bool = False
    kinds: frozenset[str] = frozenset()
    documents: Mapping[str, Document] = field(default_factory=dict)
    _by_question: dict[str, Seen] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find exchanges by question; of several with one question the last counts: where redirects ended."""
        self._by_question.update({one.question: one for one in self.exchanges if one.question})

    def asked(self, question: str) -> Seen | None:
        """Give the exchange that a question ended in, whatever came of it."""
        return self._by_question.get(question)

    def answer(self, question: str) -> Seen:
        """Give the answer to a question, of whatever status.

        Raises:
            CannotTellError: It was not asked, brought no answer, or the portal's firewall answered.
        """
        seen = self._by_question.get(question)
        if seen is None:
            raise CannotTellError("It was not asked: the run ended before, or what it builds on was not there.")
        if seen.status is None:
            raise CannotTellError(f"No answer from {seen.capture.url}: {why_not(seen.capture)}.")
        if seen.status in _BLOCKING:
            raise CannotTellError(f"{seen.capture.url} was refused with status {seen.status}.")
        if seen.status >= 500:
            raise CannotTellError(f"{seen.capture.url} failed with status {seen.status}.")
        if seen.media_type in {"", "text/html"} and what_else(seen.text) == "blocked":
            raise CannotTellError(f"A firewall's or maintenance page stood in for {seen.capture.url}.")
        return seen

    def page(self, question: str) -> Seen:
        """Give the answer to a question when it is a whole page with status 200.

        Raises:
            CannotTellError: It is not.
        """
        seen = self.answer(question)
        if seen.status != 200:
            raise CannotTellError(f"{seen.capture.url} answered with status {seen.status}.")
        if seen.unread or seen.capture.truncated:
            raise CannotTellError(f"{seen.capture.url} did not come whole ({seen.unread or seen.capture.truncated}).")
        return seen

    def of_kind(self, kind: str) -> dict[str, Seen]:
        """Give what questions of one kind ended in, by what stands behind the colon (``list:notice`` -> ``notice``)."""
        start = kind + ":"
        names = [name.removeprefix(start) for name in self._by_question if name.startswith(start)]
        order = {name: place for place, name in enumerate(SECTIONS)}
        return {name: self._by_question[start + name] for name in sorted(names, key=lambda one: order.get(one, -1))}


def why_not(capture: Capture) -> str:
    """Say why there is no answer, for a sentence to end with."""
    return (capture.failure_detail or capture.failure or "it broke off").rstrip(".")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a judge says of one subject (a section, a method, a format): the verdict, and what it rests on."""

    said: Said
    how: str
    at: Seen | None = None
    subject: str = ""
    mend: str = ""


def report() -> str:
    """Say what is to be done where nothing here can be mended."""
    return f"Report it, with the bundle: {gochim('probe', '--bundle', 'probe.zip')}"


def holds(how: str, at: Seen | None = None, subject: str = "") -> Finding:
    """Say that the portal is as assumed."""
    return Finding("holds", how, at, subject)


def differs(how: str, at: Seen | None, mend: str | None = None, subject: str = "") -> Finding:
    """Say how the portal is instead, and what mends gochim."""
    return Finding("differs", how, at, subject, report() if mend is None else mend)


def unclear(why: str, at: Seen | None = None, subject: str = "") -> Finding:
    """Say why the captures do not show it."""
    return Finding("cannot tell", why, at, subject)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the probe's table."""

    assumption: str
    statement: str
    said: Said
    how: str
    subject: str = ""
    mend: str = ""
    evidence: Evidence | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the verdict as an object of the probe's JSON."""
        return {
            "assumption": self.assumption,
            "subject": self.subject or None,
            "statement": self.statement,
            "verdict": self.said,
            "how": self.how,
            "mend": self.mend or None,
            "evidence": self.evidence.as_json() if self.evidence else None,
        }


Judge = Callable[[Gathered], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something taken for true of the portal.

    Args:
        name: ``paging-post``.
        statement: What is assumed, a sentence.
        needs: The kinds of questions whose answers its judge reads (:data:`crawler.probe.QUESTIONS`).
        judge: Gives its findings.
    """

    name: str
    statement: str
    needs: frozenset[str]
    judge: Judge

    def verdicts(self, gathered: Gathered) -> tuple[Verdict, ...]:
        """Hold the assumption against what was gathered; there is always at least one verdict."""
        try:
            findings = list(self.judge(gathered)) or [unclear("Nothing that was fetched shows it.")]
        except CannotTellError as reason:
            findings = [unclear(str(reason))]
        return tuple(
            Verdict(
                self.name, self.statement, one.said, one.how, one.subject, one.mend,
                one.at.capture.evidence if one.at is not None else None,
            )
            for one in findings
        )  # fmt: skip


def assume(name: str, statement: str, *needs: str) -> Callable[[Judge], Assumption]:
    """Make an assumption of its judge."""

    def made(judge: Judge) -> Assumption:
        return Assumption(name, statement, frozenset(needs), judge)

    return made


def each(gathered: Gathered, kind: str, judge: Callable[[str, Seen], Iterator[Finding]]) -> Iterator[Finding]:
    """Judge every answer to a kind of question on its own; what cannot be told of one says nothing of the others."""
    for subject in gathered.of_kind(kind):
        try:
            yield from judge(subject, gathered.page(f"{kind}:{subject}"))
        except CannotTellError as reason:
            yield unclear(str(reason), gathered.asked(f"{kind}:{subject}"), subject)
