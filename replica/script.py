"""Write a script of moments: actions that happen, and the changes that must be found after them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from replica.actions import Action, EditText
from replica.article import Article, Attachment
from replica.rules import Rule
from replica.sections import SECTIONS
from replica.state import State

Kind = Literal["edited", "removed", "restored", "moved", "attachment-replaced"]
Weight = Literal["substance", "wording", "cosmetic"]


@dataclass(frozen=True, slots=True)
class Expected:
    """A change that must be found.

    Attributes:
        article: The article's id.
        kind: What kind of change.
        fields: Exactly the fields that differ.
        where: Labels that say where; at least these must be given.
        what: Labels that say what; at least these must be given. Empty where the rule leaves it open.
        weight: The weight, None where it is open.
    """

    article: str
    kind: Kind
    fields: frozenset[str] = frozenset()
    where: frozenset[str] = frozenset()
    what: frozenset[str] = frozenset()
    weight: Weight | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of the portal: what happens on the way to it, and what a look at it must find.

    A removal counts as expected at the moment it happens; how many looks it takes to believe it is the reader's affair.
    """

    number: int
    name: str
    actions: tuple[Action, ...] = ()
    expected: tuple[Expected, ...] = ()


class Scribe:
    """Collect actions and expectations moment by moment, on articles picked by what they are like.

    In one moment no article is touched twice; articles that nothing has happened to yet are picked first.
    """

    def __init__(self, articles: Iterable[Article]) -> None:
        self.state = State.of(articles)
        self.moments: list[Moment] = []
        self._reserved: set[str] = set()
        self._touched: set[str] = set()
        self._busy: set[str] = set()
        self._actions: list[Action] = []
        self._expected: list[Expected] = []

    def candidates(self, *sections: str) -> list[Article]:
        """Give the articles that something may happen to now, untouched ones first, in the order of ``sections``."""
        wanted = sections or tuple(SECTIONS)
        closed = self._busy | self._reserved | self.state.hidden | set(self.state.removed) | set(self.state.faults)
        free = [one for one in self.state.articles.values() if one.section in wanted and one.id not in closed]
        free.sort(key=lambda one: (wanted.index(one.section), one.id))
        if not sections:
            # Sections take turns, so that the script is not all about the first of them.
            turns = Counter[str]()
            order: dict[str, int] = {}
            for one in free:
                turns[one.section] += 1
                order[one.id] = turns[one.section]
            free.sort(key=lambda one: order[one.id])
        return sorted(free, key=lambda one: one.id in self._touched)

    def act(self, action: Action, expected: Expected | None = None) -> None:
        """Let ``action`` happen in this moment, and expect a change to be found, or none."""
        action.apply(self.state)
        self._actions.append(action)
        self._busy.add(action.article)
        self._touched.add(action.article)
        if expected is not None:
            self._expected.append(expected)

    def reserve(self, article_id: str) -> None:
        """Keep an article free of other happenings until it is released."""
        self._reserved.add(article_id)

    def release(self, article_id: str) -> None:
        """Let anything happen to the article again."""
        self._reserved.discard(article_id)

    def edit_text(self, rule: Rule, *sections: str, what: str, weight: Weight) -> str | None:
        """Edit the first paragraph that ``rule`` applies to; give the article's id, None if there is none."""
        for article in self.candidates(*sections):
            for index, block in enumerate(article.body):
                text = rule(block.text) if block.kind == "paragraph" else None
                if text is not None and text != block.text:
                    self.act(EditText(article.id, index, text), body_edit(article.id, what, weight))
                    return article.id
        return None

    def end_moment(self, name: str) -> None:
        """Close the moment and begin the next one."""
        self.moments.append(Moment(len(self.moments), name, tuple(self._actions), tuple(self._expected)))
        self._busy.clear()
        self._actions.clear()
        self._expected.clear()


def body_edit(article_id: str, what: str, weight: Weight) -> Expected:
    """Expect an edit of the body."""
    return Expected(article_id, "edited", frozenset({"body"}), frozenset({"body"}), frozenset({what}), weight)


def field_edit(article_id: str, field: str, where: str, weight: Weight | None = None, what: str = "") -> Expected:
    """Expect an edit of one field of the record."""
    labels = frozenset({what}) if what else frozenset[str]()
    return Expected(article_id, "edited", frozenset({field}), frozenset({where}), labels, weight)


def corrected(attachment: Attachment, article: Article, number: int) -> Attachment:
    """Give the corrected edition of a file: another id, ``(수정)`` at the end of its name, the text of today."""
    stem, dot, suffix = attachment.name.rpartition(".")
    name = f"{stem}(수정).{suffix}" if dot else f"{attachment.name}(수정)"
    return Attachment(str(int(attachment.file_id) + 5000 + number), name, (*article.lines, "(수정)"))


def swapped(attachment: Attachment) -> Attachment:
    """Give a file with the same id and name and other bytes."""
    return replace(attachment, text=(*attachment.text, "표 2의 단위를 바로잡음."))
