"""What differs between the texts of two files that stand for one another joins the change of the article."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from functools import partial

from diffing.detect import changes as detect
from diffing.labels import compare
from diffing.reports.phrases import Words
from diffing.reports.view import change_view
from storage import changes, documents, versions
from storage.change_query import Query
from storage.records import Block, Change, Document
from tests.makers import article, attachment, db, file_readings, readings

__all__ = ["db"]

OLD = (Block("paragraph", "지원 규모는 1,200억 원이다."), Block("table", "구분\t예산"), Block("paragraph", "끝"))
NEW = (Block("paragraph", "지원 규모는 1,500억 원이다."), Block("table", "구분\t예산"), Block("paragraph", "끝"))
TEXTS = {"aa" * 32: OLD, "bb" * 32: NEW, "cc" * 32: OLD}


def offering(digest: str, file_id: str = "1", text: tuple[Block, ...] | None = None):
    said = Document(digest, "read", blocks=text or TEXTS[digest]).text_sha256
    return article(attachments=(replace(attachment(file_id, digest), text_sha256=said),))


def test_words_that_differ_in_a_file_are_named_and_weighed():
    found = compare(offering("aa" * 32), offering("bb" * 32, "2"), texts=TEXTS.get)
    assert found.weight == "substance"
    assert set(found.labels) == {"attachment", "money"}
    assert [(fact.kind, fact.old_value, fact.new_value) for fact in found.facts] == [("money", 120e9, 150e9)]
    (document,) = found.documents
    assert (document.file_id_old, document.file_id_new) == ("1", "2")
    assert [(op.op, op.old_index) for op in document.ops] == [("replace", 0)]


def test_another_file_with_the_same_text_says_so():
    found = compare(offering("aa" * 32), offering("cc" * 32), texts=TEXTS.get)
    assert [one.field for one in found.fields] == ["attachments"]
    assert (found.weight, found.labels, found.documents[0].ops) == ("cosmetic", ("attachment",), ())


def test_another_file_in_a_package_that_is_only_listed_is_substance():
    listed = [(Block("table", f"표.csv\t8\t{said}"),) for said in ("gabc", "hdef")]
    texts = dict(zip(("aa" * 32, "bb" * 32), listed, strict=True))
    sides = [
        replace(one, attachments=(replace(one.attachments[0], media_type="application/zip"),))
        for one in (offering(digest, text=text) for digest, text in texts.items())
    ]
    found = compare(sides[0], sides[1], texts=texts.get)
    assert (found.weight, found.facts, len(found.documents[0].ops)) == ("substance", (), 1)


def test_a_file_whose_bytes_stayed_is_no_document_that_changed():
    old = offering("aa" * 32)
    found = compare(old, replace(old, title="고친 제목"), texts=TEXTS.get)
    assert ([one.field for one in found.fields], found.documents) == (["title"], ())


def test_a_file_whose_text_was_not_read_is_replaced_in_substance():
    found = compare(offering("aa" * 32), offering("bb" * 32), texts=lambda digest: None)
    assert (found.weight, found.labels, found.documents) == ("substance", ("attachment",), ())


def test_the_same_words_in_other_files_are_only_moved_and_reworded_as_paragraphs_are():
    moved = (NEW[2], NEW[1], NEW[0])
    texts = {"aa" * 32: NEW, "bb" * 32: moved}
    found = compare(offering("aa" * 32, text=NEW), offering("bb" * 32, text=moved), texts=texts.get)
    assert "paragraph-moved" in found.labels
    assert "body" not in found.labels


def change_of(db: sqlite3.Connection) -> Change:
    for digest, blocks in TEXTS.items():
        documents.add(db, Document(digest, "read", "application/pdf", blocks, ("x",)), "reader")
    file_readings(db, "148930267", readings(db, [offering("aa" * 32), offering("bb" * 32)]))
    numbered = {one.version: one for one in versions.versions(db, "148930267")}
    (change,) = detect(versions.checks(db, "148930267"), numbered, 0, texts=partial(documents.blocks_of, db))
    return change


def test_a_change_of_documents_is_kept_as_it_was_found(db: sqlite3.Connection):
    change = change_of(db)
    changes.put(db, changes.rows_of(db, change))
    assert change.kind == "attachment-replaced"
    assert changes.find(db, Query()) == [change]
    assert json.loads(json.dumps(change.as_json()))["documents"][0]["ops"][0]["op"] == "replace"


def test_a_version_tells_what_its_files_say(db: sqlite3.Connection):
    change_of(db)
    ((file_id, _, document),) = documents.of_version(db, "148930267", 2)
    assert (file_id, document.blocks, document.lost) == ("1", NEW, ("x",))


def test_another_readers_text_is_not_taken_for_this_readers(db: sqlite3.Connection):
    documents.add(db, Document("aa" * 32, "read", blocks=OLD), "old")
    assert documents.find(db, "aa" * 32, "new") is None
    documents.add(db, Document("aa" * 32, "read", blocks=NEW), "new")
    assert documents.blocks_of(db, "aa" * 32) == NEW


def test_a_text_that_timed_out_is_not_an_empty_one(db: sqlite3.Connection):
    documents.add(db, Document("aa" * 32, "timed-out"), "new")
    assert documents.blocks_of(db, "aa" * 32) is None


def test_a_report_shows_what_differs_in_the_file(db: sqlite3.Connection):
    view = change_view(change_of(db), Words("en"))
    assert view.fields[-1].name == "In 보도자료.hwpx"
    assert view.fields[-1].steps[0].kind == "replace"
