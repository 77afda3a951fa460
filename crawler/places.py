"""Where an article stands: one filing address and section, however many addresses serve it.

An article that two sections show is one article, and being served under two addresses is no change. It keeps the
place it was filed under until its old address itself leads to a new one (a redirect, or the page there names another
address as canonical, at which a look of the same run does not fail), or until the old address is gone while a new one
reads. An address that pages only name, and at which nothing turns out to stand, never was its place: all its looks are
then read again. All of it is told from the captures alone, so that a rebuild gives what the crawl gave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from storage.records import ABSENT, Capture, Outcome, Reading

TOGETHER = timedelta(days=1)
"""Looks of one run that are further apart than this say nothing of each other: a run may be an import of years."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at an article: the filing form of the address fetched, where it led, and what was read there."""

    capture: Capture
    at: str
    reading: Reading | None
    leads_to: str | None = None
    """The filing form of a redirect's target, when it is the same article's."""
    section: str | None = None
    """The section that the address fetched is of."""


@dataclass(slots=True)
class Whereabouts:
    """What is known of an article's place so far.

    Args:
        url: The address it is filed under, None before it was read.
        section: The section it is filed under.
        left: Addresses it was filed under before.
        seen: Gives the address and outcome of every filed look, oldest first.
    """

    url: str | None = None
    section: str | None = None
    left: set[str] = field(default_factory=set)
    seen: Callable[[], Iterable[tuple[str, Outcome]]] = tuple
    unsure: bool = False
    """Whether only all looks at the article together can tell where it stands."""
    _outcomes: dict[str, Outcome] = field(default_factory=dict)
    _stood: set[str] = field(default_factory=set)
    """Addresses at which it was read."""
    _empty: set[str] = field(default_factory=set)
    """Addresses at which nothing stood, while it was read elsewhere, before it was ever read there."""

    def settled(self, looks: Sequence[Look]) -> Iterator[Reading]:
        """Yield the readings of ``looks``, oldest first, each filed where the article stands.

        An absence at an address that is not the article's place, or while it reads at another, tells nothing of the
        article and is left out.
        """
        groups = list(_together(looks))
        stood: set[str] = set()
        for group in groups:
            read = _read_at(group)
            stood |= read
            self._empty |= _nothing_at(group) - stood if read else set()
        for group in groups:
            yield from self._settled(group)

    def _settled(self, group: Sequence[Look]) -> Iterator[Reading]:
        read, absent = _read_at(group), _absent_from(group)
        # A place that a page alone named, and at which nothing stands, never was one.
        named = _nothing_at(group) & {self.url, *self.left} if read else set()
        self.unsure = self.unsure or any(not self._has_stood(one) for one in named)
        nowhere = {one.at for one in group} - read | (self._empty - self._stood - read)
        redirects = {one.at: one.leads_to for one in group if one.leads_to is not None and one.leads_to != one.at}
        stated = {(one.at, one.reading.article.url) for one in group if one.reading and one.reading.article}
        for look in group:
            if look.reading is None:
                continue
            if look.reading.article is not None:
                yield self._placed(look, look.reading, absent, nowhere, redirects, stated)
            elif look.reading.outcome not in ABSENT or not (read - {look.at} or self.url not in {None, look.at}):
                yield look.reading
            else:
                continue  # No check is filed of it, so it must not be remembered here either: a rebuild would differ.
            self._outcomes[look.at] = look.reading.outcome
            if look.reading.outcome in _STANDS:
                self._stood.add(look.at)

    def _placed(  # noqa: PLR0913  # all that the looks of a run say of addresses
        self,
        look: Look,
        reading: Reading,
        absent: set[str],
        nowhere: set[str],
        redirects: dict[str, str],
        stated: set[tuple[str, str]],
    ) -> Reading:
        article = reading.article
        assert article is not None  # noqa: S101
        if self.url is None or self.section is None:
            self.url, self.section = article.url, article.section
            if self.url in nowhere & self._empty:
                # Nothing stands at the address that the page names as its own, and nothing ever stood there.
                self.url, self.section = look.at, look.section or self.section
        elif article.url not in {self.url, *nowhere} and self._has_left(look, article.url, absent, redirects, stated):
            self.left.add(self.url)
            self.url, self.section = article.url, article.section
            self.unsure = self.unsure or not (self.url == look.at or self._has_stood(self.url))
        return replace(reading, article=replace(article, url=self.url, section=self.section))

    def _has_left(
        self, look: Look, new: str, absent: set[str], redirects: dict[str, str], stated: set[tuple[str, str]]
    ) -> bool:
        """Whether the article has left the place it is filed under for the one that ``look`` states."""
        assert self.url is not None  # noqa: S101
        if redirects.get(self.url) in {look.at, new}:
            return True
        if (self.url, new) in stated:
            # Whichever of a run's looks came first: at the new place it was not at the old one.
            # Two pages that each name the other as canonical must not make the article move to and fro.
            return new not in self.left
        if self.url not in absent and self._newest(self.url) not in ABSENT:
            return False
        # Where it was never seen it cannot have left: its page may have named an address where nothing stood.
        return self._has_stood(self.url)

    def _has_stood(self, url: str) -> bool:
        """Whether the article was ever read at an address."""
        return url in self._stood or any(at == url and outcome in _STANDS for at, outcome in self.seen())

    def _newest(self, url: str) -> Outcome | None:
        """Give the outcome of the newest look at an address that tells of the article."""
        return self._outcomes.get(url) or dict(self.seen()).get(url)


_STANDS: frozenset[Outcome] = frozenset({"read", "incomplete"})
"""What a look came to at an address where the article stands."""


def _read_at(group: Iterable[Look]) -> set[str]:
    return {one.at for one in group if one.reading is not None and one.reading.article is not None}


def _absent_from(group: Sequence[Look]) -> set[str]:
    return {one.at for one in group if one.reading is not None and one.reading.outcome in ABSENT} - _read_at(group)


def _nothing_at(group: Sequence[Look]) -> set[str]:
    """Give the addresses that some looks found to be no page's: none is there, or they lead elsewhere."""
    led = {one.at for one in group if one.leads_to is not None and one.leads_to != one.at}
    return _absent_from(group) | led - _read_at(group)


def _together(looks: Sequence[Look]) -> Iterator[list[Look]]:
    """Part looks, oldest first, into those of one run that are not far apart."""
    group: list[Look] = []
    for look in looks:
        last = group[-1].capture if group else None
        if last is not None and (
            look.capture.run != last.run or look.capture.captured_at - last.captured_at > TOGETHER
        ):
            yield group
            group = []
        group.append(look)
    if group:
        yield group
