"""Read the articles of the replica from their TOML files.

One file per article, ``<section>/<id>.toml``. Whatever is wrong is said with file and key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

from replica.article import KOGL_TYPES, Article, Attachment, Block, BlockKind, ReplicaError, Template
from replica.sections import SECTIONS, SectionName

SHIPPED = Path(__file__).parent / "articles"
"""The articles that come with the replica."""

_KEYS = frozenset(
    {"id", "section", "title", "subtitles", "published", "source", "source_code", "author", "template", "licence"}
    | {"body", "attachments", "also", "view", "package", "package_name", "deadline"}
)
_BLOCK_KEYS = frozenset({"kind", "text", "rows", "src", "alt", "caption"})
_ATTACHMENT_KEYS = frozenset({"file_id", "name", "text", "format"})
FORMATS = ("pdf", "hwp", "hwpx", "odt", "docx", "xlsx", "zip", "jpg", "png", "txt")
"""The formats that attachments can be in."""
_ARCHIVE = frozenset({"expert-document", "recruit"})
# 2026-09-15T18:16:48 or 2026-09-15
_PUBLISHED = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?")
# 2026-09-15
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# 148930267
_DIGITS = re.compile(r"\d+")
# 148930267, expdoc:41730
_ID = re.compile(r"(?:[a-z]+:)?\d+")


def read_articles(directory: Path | None = None, sections: Iterable[str] | None = None) -> list[Article]:
    """Read every ``*.toml`` below ``directory`` (default: the shipped articles), ordered by id.

    Args:
        directory: Where the files are.
        sections: Keep the articles of these sections only; all when None.

    Raises:
        ReplicaError: A file cannot be read, lacks a key or has a bad one, or two files share an id or a file id.
    """
    folder = SHIPPED if directory is None else directory
    found: dict[str, Article] = {}
    files: dict[str, Path] = {}
    for path in sorted(folder.glob("**/*.toml")):
        article = _shipped(path) if directory is None else read_article(path)
        for name in (article.id, *(one.file_id for one in article.attachments)):
            if name in files:
                raise ReplicaError(f"{path}: {name} is already used by {files[name]}; give one of them another id")
            files[name] = path
        found[article.id] = article
    if sections is not None:
        found = {key: one for key, one in found.items() if one.section in set(sections)}
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


@cache
def _shipped(path: Path) -> Article:
    """Read an article file that comes with the replica once: many portals are made of them, and none alters one."""
    return read_article(path)


class _Reader:
    """Turn one file's tables into an article, naming the file and key of whatever is wrong."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def article(self, table: dict[str, Any]) -> Article:
        self._known(table, _KEYS, "")
        body = tuple(
            self._block(one, f"body[{number}].") for number, one in enumerate(self._tables(table, "body"), start=1)
        )
        files = self._tables(table, "attachments")
        if not body and not files:
            raise self._wrong("body", "must hold at least one [[body]] block where there are no [[attachments]]")
        section = cast(
            "SectionName", self._choice(table, "section", tuple(one for one in SECTIONS if SECTIONS[one].views))
        )
        article = Article(
            id=self._id(table, section),
            section=section,
            title=self._text(table, "title"),
            subtitles=self._texts(table.get("subtitles", []), "subtitles"),
            published=self._published(table),
            source=self._text(table, "source"),
            source_code=self._text(table, "source_code", default=""),
            author=self._text(table, "author", default=""),
            template=self._template(table, section),
            licence=self._licence(table),
            body=body,
            also=cast("Any", self._also(table)),
            view=self._view(table, section),
            package=self._text(table, "package", default=""),
            package_name=self._text(table, "package_name", default=""),
            deadline=self._day(table, "deadline"),
        )
        attachments = tuple(
            self._attachment(one, f"attachments[{number}].", article.lines) for number, one in enumerate(files, start=1)
        )
        return replace(article, attachments=attachments)

    def _id(self, table: dict[str, Any], section: str) -> str:
        article_id = self._matching(table, "id", _ID, "digits as text, after the section's prefix where it has one")
        prefix = SECTIONS[section].prefix
        if article_id.removesuffix(article_id.rpartition(":")[2]) != prefix:
            raise self._wrong("id", f"must be digits after {prefix}" if prefix else "must be digits alone")
        return article_id

    def _template(self, table: dict[str, Any], section: str) -> Template:
        default = "archive" if section in _ARCHIVE else "2026"
        return cast("Template", self._choice(table, "template", get_args(Template), default=default))

    def _also(self, table: dict[str, Any]) -> tuple[str, ...]:
        also = self._texts(table.get("also", []), "also")
        if any(one not in SECTIONS for one in also):
            raise self._wrong("also", f"must be sections, of {', '.join(SECTIONS)}")
        return also

    def _view(self, table: dict[str, Any], section: str) -> str:
        view = self._text(table, "view", default="")
        if view and view not in SECTIONS[section].views:
            raise self._wrong("view", f"must be one of {', '.join(SECTIONS[section].views)}")
        return view

    def _day(self, table: dict[str, Any], key: str) -> str:
        value = self._text(table, key, default="")
        if value and not _DAY.fullmatch(value):
            raise self._wrong(key, 'must be a day such as "2026-09-15"')
        return value

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
        if kind == "video":
            return Block(kind, src=self._text(table, "src", at=at), alt=self._text(table, "alt", at=at, default=""))
        return Block(kind, text=self._text(table, "text", at=at))

    def _attachment(self, table: dict[str, Any], at: str, filed: tuple[str, ...]) -> Attachment:
        self._known(table, _ATTACHMENT_KEYS, at)
        file_id = self._matching(table, "file_id", _DIGITS, "digits as text", at=at)
        text = self._lines(table, at) if "text" in table else filed
        kind = self._choice(table, "format", FORMATS, at=at, default="") if table.get("format") else ""
        return Attachment(file_id, self._text(table, "name", at=at), text, kind)

    def _lines(self, table: dict[str, Any], at: str) -> tuple[str, ...]:
        value = table["text"]
        if not isinstance(value, list) or not all(isinstance(one, str) and "\n" not in one for one in value):
            raise self._wrong(f"{at}text", "must be a list of lines; tabs part the cells of a table")
        return tuple(value)

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
