"""Read the articles of the replica from their TOML files.

One file per article, ``<section>/<id>.toml``. Whatever is wrong is said with file and key.
"""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, cast, get_args

from replica.article import KOGL_TYPES, SECTIONS, Article, Attachment, Block, BlockKind, ReplicaError, Template

SHIPPED = Path(__file__).parent / "articles"
"""The articles that come with the replica."""

_KEYS = frozenset(
    {"id", "section", "title", "subtitles", "published", "source", "source_code", "author", "template", "licence"}
    | {"body", "attachments"}
)
_BLOCK_KEYS = frozenset({"kind", "text", "rows", "src", "alt", "caption"})
_ATTACHMENT_KEYS = frozenset({"file_id", "name"})
# 2026-09-15T18:16:48 or 2026-09-15
_PUBLISHED = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?")
# 148930267
_DIGITS = re.compile(r"\d+")


def read_articles(directory: Path | None = None) -> list[Article]:
    """Read every ``*.toml`` below ``directory`` (default: the shipped articles), ordered by id.

    Raises:
        ReplicaError: A file cannot be read, lacks a key or has a bad one, or two files share an id or a file id.
    """
    folder = SHIPPED if directory is None else directory
    found: dict[str, Article] = {}
    files: dict[str, Path] = {}
    for path in sorted(folder.glob("**/*.toml")):
        article = read_article(path)
        for name in (article.id, *(one.file_id for one in article.attachments)):
            if name in files:
                raise ReplicaError(f"{path}: {name} is already used by {files[name]}; give one of them another id")
            files[name] = path
        found[article.id] = article
    if not found:
        raise ReplicaError(f"{folder}: no article files (*.toml) here; name a directory that holds some")
    return [found[key] for key in sorted(found)]


def read_article(path: Path) -> Article:
    """Read one article file.

    Raises:
        ReplicaError: The file is not TOML, or one of its keys is missing or wrong.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReplicaError(f"{path}: cannot be read as TOML ({error}); mend the file") from error
    return _Reader(path).article(table)


class _Reader:
    """Turn one file's tables into an article, naming the file and key of whatever is wrong."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def article(self, table: dict[str, Any]) -> Article:
        self._known(table, _KEYS, "")
        body = tuple(
            self._block(one, f"body[{number}].") for number, one in enumerate(self._tables(table, "body"), start=1)
        )
        if not body:
            raise self._wrong("body", "must hold at least one [[body]] block")
        title = self._text(table, "title")
        lines = (line.replace("\t", " ") for one in body for line in one.plain.splitlines())
        filed = (title, *lines)
        return Article(
            id=self._matching(table, "id", _DIGITS, "digits as text"),
            section=cast("Any", self._choice(table, "section", tuple(SECTIONS))),
            title=title,
            subtitles=self._texts(table.get("subtitles", []), "subtitles"),
            published=self._published(table),
            source=self._text(table, "source"),
            source_code=self._text(table, "source_code", default=""),
            author=self._text(table, "author", default=""),
            template=cast("Template", self._choice(table, "template", get_args(Template), default="2026")),
            licence=self._licence(table),
            body=body,
            attachments=tuple(
                self._attachment(one, f"attachments[{number}].", filed)
                for number, one in enumerate(self._tables(table, "attachments"), start=1)
            ),
        )

    def _block(self, table: dict[str, Any], at: str) -> Block:
        self._known(table, _BLOCK_KEYS, at)
        kind = cast("BlockKind", self._choice(table, "kind", get_args(BlockKind), at=at))
        if kind == "photo":
            src = self._text(table, "src", at=at)
            if "/newsWeb/resources/attaches/" not in src:
                raise self._wrong(f"{at}src", "must lie under /newsWeb/resources/attaches/")
            caption = self._text(table, "caption", at=at, default="")
            return Block(kind, src=src, alt=self._text(table, "alt", at=at, default="") or caption, caption=caption)
        if kind == "table":
            rows = table.get("rows")
            if not isinstance(rows, list) or not rows:
                raise self._wrong(f"{at}rows", "must be a list of rows")
            return Block(kind, rows=tuple(self._texts(row, f"{at}rows") for row in rows))
        return Block(kind, text=self._text(table, "text", at=at))

    def _attachment(self, table: dict[str, Any], at: str, filed: tuple[str, ...]) -> Attachment:
        self._known(table, _ATTACHMENT_KEYS, at)
        file_id = self._matching(table, "file_id", _DIGITS, "digits as text", at=at)
        return Attachment(file_id, self._text(table, "name", at=at), filed)

    def _published(self, table: dict[str, Any]) -> str:
        text = self._matching(table, "published", _PUBLISHED, 'a time such as "2026-09-15T18:16:48" (KST, as text)')
        try:
            datetime.fromisoformat(text)
        except ValueError as error:
            raise self._wrong("published", f"is no date: {error}") from error
        return text

    def _licence(self, table: dict[str, Any]) -> int:
        value = table.get("licence", 1)
        if isinstance(value, bool) or value not in (0, *KOGL_TYPES):
            raise self._wrong("licence", "must be 0 (none printed) or a KOGL type from 1 to 4")
        return int(value)

    def _text(self, table: dict[str, Any], key: str, *, at: str = "", default: str | None = None) -> str:
        value = table.get(key, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self._wrong(at + key, "must be text that is not empty")
        if "\n" in value.strip() or "\t" in value.strip():
            raise self._wrong(at + key, "must be one line without tabs; make several blocks of it")
        return value.strip(" \n\t")

    def _texts(self, value: object, key: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._wrong(key, "must be a list of texts")
        return tuple(one.strip(" \n\t") for one in value)

    def _matching(self, table: dict[str, Any], key: str, form: re.Pattern[str], what: str, *, at: str = "") -> str:
        value = self._text(table, key, at=at)
        if not form.fullmatch(value):
            raise self._wrong(at + key, f"must be {what}")
        return value

    def _choice(
        self, table: dict[str, Any], key: str, allowed: tuple[str, ...], *, at: str = "", default: str | None = None
    ) -> str:
        value = self._text(table, key, at=at, default=default)
        if value not in allowed:
            raise self._wrong(at + key, f"must be one of {', '.join(allowed)}")
        return value

    def _tables(self, table: dict[str, Any], key: str) -> list[dict[str, Any]]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self._wrong(key, f"must be [[{key}]] tables")
        return value

    def _known(self, table: dict[str, Any], keys: frozenset[str], at: str) -> None:
        for key in table:
            if key not in keys:
                raise self._wrong(at + key, f"is not a key here; known are {', '.join(sorted(keys))}")

    def _wrong(self, key: str, what: str) -> ReplicaError:
        return ReplicaError(f"{self._path}: key {key} {what}; mend the file")
