"""Keep what files say, once for each digest, and find it again by the version that offers the file."""

from __future__ import annotations

import json
import sqlite3

from storage.records import Block, Document, canonical_json


def add(db: sqlite3.Connection, document: Document, reader: str) -> None:
    """Keep a document as ``reader`` read it, in the place of what another reader made of the same bytes."""
    db.execute(
        "INSERT OR REPLACE INTO attachment_texts"
        " (sha256, reader, outcome, media_type, detail, text, blocks, lost, text_sha256) VALUES (?,?,?,?,?,?,?,?,?)",
        (
            document.sha256, reader, document.outcome, document.media_type, document.detail, document.text,
            canonical_json([[block.kind, block.text] for block in document.blocks]).decode(),
            canonical_json(list(document.lost)).decode(), document.text_sha256,
        ),
    )  # fmt: skip


def find(db: sqlite3.Connection, sha256: str, reader: str | None = None) -> Document | None:
    """Find a document by the hex SHA-256 of its bytes, None when it was not read (by ``reader``, if one is named)."""
    row = db.execute(
        "SELECT * FROM attachment_texts WHERE sha256 = ? AND reader = coalesce(?, reader)", (sha256, reader)
    ).fetchone()
    return _document(row) if row else None


def of_version(db: sqlite3.Connection, article: str, version: int) -> list[tuple[str, str, Document]]:
    """List what the attachments of a version say: file id, name and document of each that was read, in their order."""
    rows = db.execute(
        "SELECT a.file_id, a.name, t.* FROM versions v JOIN attachments a ON a.version_id = v.id"
        " JOIN attachment_texts t ON t.sha256 = a.sha256 WHERE v.article = ? AND v.version = ? ORDER BY a.position",
        (article, version),
    )
    return [(row["file_id"], row["name"], _document(row)) for row in rows]


def blocks_of(db: sqlite3.Connection, sha256: str) -> tuple[Block, ...] | None:
    """Give what the file with this digest says, None when its text was not read."""
    document = find(db, sha256)
    return document.blocks if document is not None and document.text_sha256 else None


def text_of(db: sqlite3.Connection, sha256: str) -> str | None:
    """Give what the file with this digest says as plain text, None when its text was not read."""
    row = db.execute(
        "SELECT text FROM attachment_texts WHERE sha256 = ? AND text_sha256 IS NOT NULL", (sha256,)
    ).fetchone()
    return row["text"] if row else None


def _document(row: sqlite3.Row) -> Document:
    return Document(
        sha256=row["sha256"],
        outcome=row["outcome"],
        media_type=row["media_type"],
        blocks=tuple(Block(*one) for one in json.loads(row["blocks"])),
        lost=tuple(json.loads(row["lost"])),
        detail=row["detail"],
    )
