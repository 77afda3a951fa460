"""The migrations for what is counted, summed up and digested as rows are filed, so that no command reads all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.interval_views import LATER_STEPS
from storage.migrations.numbered import migration
from storage.outlooks import TABLE as OUTLOOKS
from storage.validators import ALL_FALSE, STRONG, VALIDATOR
from storage.watched import FROM_ALL_LOOKS

if TYPE_CHECKING:
    from sqlite_utils import Database


@migration
def m007_versions_of_a_ministry(db: Database) -> None:
    """Let what a ministry's articles said on a day be found without reading their texts."""
    db.execute(
        "CREATE INDEX versions_ministry ON versions (section, source, article, version, first_seen, published, title)"
    )


@migration
def m013_what_was_missed(_: Database) -> None:
    """Let the views be made anew: those of :mod:`storage.missed_views` are among them now."""


_DIGESTED = (
    *(
        f"{deed} ON {table}"
        for table in ("versions", "changes", "change_labels", "change_reasons", "change_documents")
        for deed in ("INSERT", "UPDATE", "DELETE")
    ),
    # Where the evidence stands; what a look came to is no part of it.
    "UPDATE OF later, file, offset, length, record_id, original, payload_digest ON capture_rows",
    "DELETE ON capture_rows",
    "UPDATE OF warc ON warc_files",
)
"""What is done to that of which the content digest is made, and makes the remembered one void."""


@migration
def m014_the_content_digest_is_remembered(db: Database) -> None:
    """Forget the remembered content digest with every row that goes into it, so that it is worked out once a run."""
    for number, deed in enumerate(_DIGESTED):
        forget = "DELETE FROM about WHERE name = 'content-digest'"
        db.execute(f"CREATE TRIGGER content_digest_{number:02d} AFTER {deed} BEGIN {forget}; END")


_COUNTED = (
    "ALTER TABLE outcomes ADD COLUMN captures INTEGER NOT NULL DEFAULT 0",
    "UPDATE outcomes SET captures = k.number"
    " FROM (SELECT outcome, count(*) AS number FROM capture_rows GROUP BY outcome) k WHERE k.outcome = id",
    """CREATE TRIGGER captures_counted_new AFTER INSERT ON capture_rows BEGIN
        UPDATE outcomes SET captures = captures + 1 WHERE id = NEW.outcome;
    END""",
    """CREATE TRIGGER captures_counted_read AFTER UPDATE OF outcome ON capture_rows
    WHEN OLD.outcome <> NEW.outcome BEGIN
        UPDATE outcomes SET captures = captures - 1 WHERE id = OLD.outcome;
        UPDATE outcomes SET captures = captures + 1 WHERE id = NEW.outcome;
    END""",
    """CREATE TRIGGER captures_counted_gone AFTER DELETE ON capture_rows BEGIN
        UPDATE outcomes SET captures = captures - 1 WHERE id = OLD.outcome;
    END""",
)

_VALIDATORS = (
    # A revisit leaves its validators out only where they, its payload and its address are its original's.
    """UPDATE capture_rows SET etag = coalesce(capture_rows.etag, o.etag, ''),
           last_modified = coalesce(capture_rows.last_modified, o.last_modified, '')
      FROM capture_rows o WHERE o.id = capture_rows.original AND (o.url <> capture_rows.url
       OR capture_rows.etag IS NOT NULL OR capture_rows.last_modified IS NOT NULL
       OR nullif(capture_rows.payload_digest, x'') IS NOT NULL)""",
    "CREATE TABLE false_validators (url INTEGER PRIMARY KEY REFERENCES urls(id)) STRICT",
    f"CREATE INDEX capture_rows_validator ON capture_rows (url, {VALIDATOR}) WHERE {STRONG}",
    ALL_FALSE,
)


@migration
def m015_what_status_says_is_counted_as_it_is_filed(db: Database) -> None:
    """Count captures by outcome and judge validators as captures are filed; say of absences what the lists said."""
    for statement in (*_COUNTED, *_VALIDATORS):
        db.execute(statement)


@migration
def m016_what_looks_would_have_shown_is_summed_as_they_are_filed(db: Database) -> None:
    """Sum up at which moments edits would have been seen, so that telling it does not read every look."""
    db.execute(
        """CREATE TABLE seen_moments (
        age_from INTEGER NOT NULL,
        lived INTEGER NOT NULL,
        microseconds INTEGER NOT NULL,
        PRIMARY KEY (age_from, lived)
    ) STRICT, WITHOUT ROWID"""
    )
    db.execute(f"INSERT INTO seen_moments {FROM_ALL_LOOKS}")


@migration
def m017_findings_with_what_they_are_of(_: Database) -> None:
    """Let the views be made anew: ``finding_detail`` is among them now."""


@migration
def m018_who_may_be_due(db: Database) -> None:
    """Keep from when on each article may be due another look, so that the choice of a run judges those alone."""
    for statement in OUTLOOKS:
        db.execute(statement)


_OF_TABLE = {
    "versions": "article = {}.article",
    "changes": "article = {}.article",
    "change_labels": "article = (SELECT article FROM changes WHERE id = {}.change)",
    "change_reasons": "article = (SELECT article FROM changes WHERE id = {}.change)",
    "change_documents": "article = (SELECT article FROM changes WHERE id = {}.change)",
}
"""Which article a row is of that goes into the content digest."""


def _touching(deed: str) -> str:
    """Give what is done when ``deed`` is: the article's digest is forgotten, or all where it is of no one article."""
    what, _, table = deed.rpartition(" ON ")
    forget = "UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL"
    if of := _OF_TABLE.get(table):
        rows = {"INSERT": ("NEW",), "DELETE": ("OLD",)}.get(what, ("OLD", "NEW"))
        forget = ";".join(f"{forget} AND {of.format(row)}" for row in rows)
        if table in {"versions", "changes"} and what != "DELETE":
            forget += ";INSERT OR IGNORE INTO article_digests VALUES (NEW.article, NULL)"
    return f"{forget}; DELETE FROM about WHERE name = 'content-digest';"  # noqa: S608  # made of constants


@migration
def m019_each_article_has_a_digest_of_its_own(db: Database) -> None:
    """Keep a digest of each article, so that the content digest is worked out from those alone that were touched."""
    db.execute("CREATE TABLE article_digests (article TEXT PRIMARY KEY, digest BLOB) STRICT, WITHOUT ROWID")
    db.execute("CREATE INDEX article_digests_unknown ON article_digests (article) WHERE digest IS NULL")
    db.execute("INSERT INTO article_digests SELECT article, NULL FROM versions UNION SELECT article, NULL FROM changes")
    for number, deed in enumerate(_DIGESTED):
        db.execute(f"DROP TRIGGER content_digest_{number:02d}")
        db.execute(f"CREATE TRIGGER content_digest_{number:02d} AFTER {deed} BEGIN {_touching(deed)} END")


@migration
def m021_versions_stand_between_absences(db: Database) -> None:
    """Let what stood on a day leave out what was absent then; the views are made anew."""
    db.execute(LATER_STEPS)


@migration
def m022_days_seen_without_absences(_: Database) -> None:
    """Let no absence count as days on which a content was seen; the views are made anew."""


@migration
def m023_what_looks_did_not_read(db: Database) -> None:
    """Keep which files and pictures a look took from an earlier one; articles that have any are read again."""
    db.execute(
        "CREATE TABLE unread_parts (capture INTEGER NOT NULL, part TEXT NOT NULL, PRIMARY KEY (capture, part))"
        " STRICT, WITHOUT ROWID"
    )
    db.execute(
        'INSERT OR IGNORE INTO rereads SELECT DISTINCT article FROM versions v WHERE images LIKE \'%"sha256":"%\''
        " OR EXISTS (SELECT 1 FROM attachments WHERE version_id = v.id AND sha256 IS NOT NULL)"
    )


@migration
def m024_in_which_turn_changes_were_filed(db: Database) -> None:
    """Keep which articles' changes were filed last, so that alerts ask for what is new among those alone."""
    db.execute(
        "CREATE TABLE change_turns (turn INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL UNIQUE) STRICT"
    )
    db.execute("INSERT INTO change_turns (article) SELECT DISTINCT article FROM changes ORDER BY article")
    db.execute(
        "CREATE TRIGGER change_turns_new AFTER INSERT ON changes BEGIN"
        " INSERT OR REPLACE INTO change_turns (article) VALUES (NEW.article); END"
    )


@migration
def m025_bodies_that_were_not_read(db: Database) -> None:
    """Keep how much of a body the document in the viewer says; bodies that were not read are found at once."""
    for name in ("document_blocks", "document_images"):
        db.execute(f"ALTER TABLE versions ADD COLUMN {name} INTEGER NOT NULL DEFAULT 0")
    db.execute("CREATE INDEX versions_unread ON versions (article, version) WHERE body_from = 'unread'")


@migration
def m026_runs_that_saw_nothing_are_no_watch(_: Database) -> None:
    """Let a run that the portal did not answer end no pause of the watch; the views are made anew."""


@migration
def m027_outages_in_which_no_article_was_looked_at(_: Database) -> None:
    """Let the view ``outages`` have the runs that the portal did not answer; the views are made anew."""


@migration
def m028_times_just_below_a_second_in_outages(_: Database) -> None:
    """Let the view ``outages`` read the time of a run to its microsecond; the views are made anew."""


@migration
def m029_where_words_lead(db: Database) -> None:
    """Keep the addresses behind the words of a body."""
    db.execute("ALTER TABLE versions ADD COLUMN links TEXT NOT NULL DEFAULT '[]'")


@migration
def m030_what_another_tool_lacks_is_no_outage(db: Database) -> None:
    """Have the runs of other tools judged anew, and all after them: what their files lack was told as an outage."""
    db.execute(
        "UPDATE about SET value = (SELECT min(started_at) FROM runs WHERE software NOT LIKE 'gochim/%')"
        " WHERE name IN ('judge-from', 'drift-from')"
        " AND value > (SELECT min(started_at) FROM runs WHERE software NOT LIKE 'gochim/%')"
    )
