"""The edits an article can undergo between two looks, one class per kind.

What happens to it as a whole (gone, back, moved, blocked) is in :mod:`replica.events`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from replica.article import Article, Attachment, Block, ReplicaError
from replica.state import State


class Action(Protocol):
    """Something that happens to one article."""

    @property
    def article(self) -> str:
        """The article's id."""
        ...

    def apply(self, state: State) -> None:
        """Let it happen."""
        ...


def _body(state: State, article_id: str) -> list[Block]:
    return list(state.article(article_id).body)


def _file(state: State, article_id: str, body: list[Block]) -> None:
    state.articles[article_id] = replace(state.article(article_id), body=tuple(body))


@dataclass(frozen=True, slots=True)
class EditTitle:
    """Give the article another title."""

    article: str
    title: str

    def apply(self, state: State) -> None:
        """Put the title in place of the old one."""
        state.articles[self.article] = replace(state.article(self.article), title=self.title)


@dataclass(frozen=True, slots=True)
class EditSubtitles:
    """Give the article other subtitle lines."""

    article: str
    subtitles: tuple[str, ...]

    def apply(self, state: State) -> None:
        """Put the lines in place of the old ones."""
        state.articles[self.article] = replace(state.article(self.article), subtitles=self.subtitles)


@dataclass(frozen=True, slots=True)
class EditText:
    """Give the block at ``index`` other words."""

    article: str
    index: int
    text: str

    def apply(self, state: State) -> None:
        """Put the words in place of the old ones."""
        body = _body(state, self.article)
        body[self.index] = replace(body[self.index], text=self.text)
        _file(state, self.article, body)


@dataclass(frozen=True, slots=True)
class EditCell:
    """Give one cell of the table at ``index`` other words."""

    article: str
    index: int
    row: int
    column: int
    text: str

    def apply(self, state: State) -> None:
        """Put the words in place of the old ones."""
        body = _body(state, self.article)
        rows = [list(row) for row in body[self.index].rows]
        rows[self.row][self.column] = self.text
        body[self.index] = replace(body[self.index], rows=tuple(tuple(row) for row in rows))
        _file(state, self.article, body)


@dataclass(frozen=True, slots=True)
class EditCaption:
    """Give the photo at ``index`` another caption; an alternative text that repeats the caption follows it."""

    article: str
    index: int
    caption: str

    def apply(self, state: State) -> None:
        """Put the caption in place of the old one."""
        body = _body(state, self.article)
        photo = body[self.index]
        alt = self.caption if photo.alt == photo.caption else photo.alt
        body[self.index] = replace(photo, alt=alt, caption=self.caption)
        _file(state, self.article, body)


@dataclass(frozen=True, slots=True)
class AddBlock:
    """Put a new block before the one at ``index``."""

    article: str
    index: int
    block: Block

    def apply(self, state: State) -> None:
        """Insert the block."""
        body = _body(state, self.article)
        body.insert(self.index, self.block)
        _file(state, self.article, body)


@dataclass(frozen=True, slots=True)
class RemoveBlock:
    """Take away the block at ``index``."""

    article: str
    index: int

    def apply(self, state: State) -> None:
        """Delete the block."""
        body = _body(state, self.article)
        del body[self.index]
        _file(state, self.article, body)


@dataclass(frozen=True, slots=True)
class MoveParagraph:
    """Take the block at ``index`` to stand at ``to``."""

    article: str
    index: int
    to: int

    def apply(self, state: State) -> None:
        """Move the block."""
        body = _body(state, self.article)
        body.insert(self.to, body.pop(self.index))
        _file(state, self.article, body)


@dataclass(frozen=True, slots=True)
class EditSource:
    """Give the article another source; its code stays."""

    article: str
    source: str

    def apply(self, state: State) -> None:
        """Put the source in place of the old one."""
        state.articles[self.article] = replace(state.article(self.article), source=self.source)


@dataclass(frozen=True, slots=True)
class EditAuthor:
    """Give the article another author."""

    article: str
    author: str

    def apply(self, state: State) -> None:
        """Put the author in place of the old one."""
        state.articles[self.article] = replace(state.article(self.article), author=self.author)


@dataclass(frozen=True, slots=True)
class EditPublished:
    """Give the article another time of publication (KST wall time)."""

    article: str
    published: str

    def apply(self, state: State) -> None:
        """Put the time in place of the old one."""
        state.articles[self.article] = replace(state.article(self.article), published=self.published)


@dataclass(frozen=True, slots=True)
class EditLicence:
    """Offer the article under another KOGL type."""

    article: str
    licence: int

    def apply(self, state: State) -> None:
        """Put the type in place of the old one."""
        state.articles[self.article] = replace(state.article(self.article), licence=self.licence)


@dataclass(frozen=True, slots=True)
class ReplaceAttachment:
    """Offer ``attachment`` in place of the file with id ``file_id``: other bytes, and perhaps another id and name."""

    article: str
    file_id: str
    attachment: Attachment

    def apply(self, state: State) -> None:
        """Put the file in place of the old one.

        Raises:
            ReplicaError: The article offers no file with that id.
        """
        old = state.article(self.article)
        if all(one.file_id != self.file_id for one in old.attachments):
            raise ReplicaError(f"article {self.article} offers no file {self.file_id}; look at its TOML file")
        files = tuple(self.attachment if one.file_id == self.file_id else one for one in old.attachments)
        state.articles[self.article] = replace(old, attachments=files)


@dataclass(frozen=True, slots=True)
class Revert:
    """Bring back an earlier state of the article."""

    article: str
    earlier: Article

    def apply(self, state: State) -> None:
        """Put the earlier state in place of the present one."""
        state.articles[self.article] = self.earlier
