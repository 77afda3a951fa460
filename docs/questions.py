"""What stands in ``versions.db``, name by name, and twenty questions to ask of it: the page ``docs/schema.md``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage.archive import Archive

VIEWS = {
    "article_current": "Each article as it stands, with its state and the evidence of its newest version.",
    "version_detail": "Each version of each article, whole, with its attachments and its evidence.",
    "version_intervals": "When each version stood: not before `began_after`, surely from `first_seen` to `last_seen`, "
    "not after `ended_before` (NULL while it stands); its files as far as looks read them (`unread_parts`). What was "
    "absent meanwhile and came back has a row for each time.",
    "article_contents": "Each different content of an article once: what came back (A, B, A) was seen twice. "
    "`days_seen` goes from the first sight of each stretch in which it stood to the last, without absences between.",
    "change_detail": "Each change with its labels, facts, reasons and the evidence of both sides.",
    "finding_detail": "Where a version's body and a file of it disagree, with title, address and the file's name; "
    "`current` is 1 for the newest version of an article.",
    "article_timeline": "Each look at each article: when, what came of it, which version it read.",
    "article_states": "The states of each article, since when, how many looks found it absent, and at how many "
    "of these a list of the same run still showed it (`listed`), or would have and did not (`unlisted`).",
    "checks": "Each look with the capture behind it.",
    "captures": "Each exchange with the portal and where its record stands.",
    "seen_chances": "The chance that an edit was seen, by age since publication and by how long it stood, both in "
    "hours: had it come at any moment of the band since the watch began (`possible_hours`, of all articles), an "
    "earlier look knew the article and another fell into its life (`seen_hours`).",
    "watch_pauses": "The time between the starts of two runs that the portal answered, the last one lasting; more than "
    "three times `usual_hours`, their median, and more than an hour is a gap in the watch.",
    "edit_rates": "Edits and removals seen of each ministry, and for how many days its articles were watched; `gochim "
    "status --format json` gives exact intervals.",
    "outages": "The runs in which the portal (`*`) or a section of it was missing, or had pages of a new shape; "
    "several runs in a row that the portal did not answer looked at no article (`looks` is 0).",
}
TABLES = {
    "runs": "Each crawl, and each imported file, with its removal rule.",
    "articles": "A line for each article: its newest version, how many it has, its state.",
    "versions": "A row for each state of an article that differs from the one before. `last_seen` is the last look "
    "that read its page and found the same; a document and files that this look could not have stand in it as an "
    "earlier one read them (`unread_parts`). Of a body from `unread` no look had the document.",
    "attachments": "The files that each version offers; `sha256` is NULL while a file is unread.",
    "attachment_texts": "What each file says, once for each digest of its bytes.",
    "changes": "From one version to the next, with both captures; `fields` and `facts` are JSON.",
    "change_labels": "The labels of each change, in order.",
    "change_documents": "What differs between the texts of two attachments.",
    "change_reasons": "Why a change is called silent, stamped or explained.",
    "findings": "Where a version's body and its files disagree.",
    "agreements": "Which versions were held against their files.",
    "publisher_signals": "What the open API says of each article: how often and when the publisher changed it.",
    "api_answers": "Which answers of the open API were read, by which reader.",
    "judgements": "What each run could tell of the portal (`*`) and of its sections.",
    "listings": "The runs in which a section's list began to give rows, or ceased to.",
    "absences": "The looks that found a known article absent, and why one does not count.",
    "state_steps": "The steps of each article's state, with the capture that reached it.",
    "capture_rows": "Captures and checks as they are stored; read them through `captures` and `checks`.",
    "warc_files": "The WARC files, with the first and the last capture of each.",
    "urls": "The addresses, and what stands at each.",
    "answers": "What came of exchanges: the values that many captures share.",
    "outcomes": "What can come of a look, and of how many captures it is said.",
    "seen_moments": "At how many microseconds between looks an edit would have been seen, by age and length of life in "
    "hours; read it through `seen_chances`.",
    "false_validators": "Addresses whose strong ETag or Last-Modified stayed while their payload changed.",
    "originals": "The records that revisits repeat.",
    "page_payloads": "The newest whole payload of each article's page.",
    "search_index": "The full-text index, by pairs of letters; ask it with `gochim search`.",
    "search_documents": "Which version an entry of the index is of.",
    "search_waiting": "Versions that are not indexed yet.",
    "site_changes": "What nearly all articles of a section showed at once, and whether it is held or counts as edits.",
    "site_change_articles": "The steps of articles that bear a site change.",
    "site_change_words": "What a person said of site changes, as WARC files of their own tell it.",
    "shrunken_versions": "Versions of which next to nothing was read, with how many blocks there were before.",
    "article_digests": "A digest of what each article says and how it changed; NULL until it is worked out anew.",
    "change_turns": "In which turn the changes of each article were filed last; alerts look at those that are new.",
    "outlooks": "From when on each article may be due another look, in seconds since 1970; 0: not known yet.",
    "unread_parts": "Files, by their ids, and pictures, by their addresses, that a look did not read: its version has "
    "them as an earlier look read them. `body` is the document behind the page.",
    "rereads": "Articles that are to be read again.",
    "to_compare": "Articles whose changes are to be looked for.",
    "about": "What the program notes of this file.",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question in Korean and in English, and the query that answers it (``lake``: over Parquet files)."""

    korean: str
    english: str
    sql: str
    lake: str = ""

    @property
    def over_lake(self) -> str:
        """The query to ask of the Parquet lake: the same one, unless what is JSON in SQLite has a type there."""
        return self.lake or self.sql


QUESTIONS = (
    Question(
        "최근에 무엇이 바뀌었나?",
        "What changed lately?",
        "SELECT new_first_seen, section, source, title, kind, weight FROM change_detail\n"
        " ORDER BY new_first_seen DESC, id LIMIT 20;",
    ),
    Question(
        "금액이 바뀐 기사는? 얼마에서 얼마로?",
        "Which sums of money changed, from what to what?",
        "SELECT h.title, f.value ->> 'old' AS old, f.value ->> 'new' AS new, f.value ->> 'ratio' AS ratio\n"
        "  FROM change_detail h, json_each(h.facts) f WHERE f.value ->> 'kind' = 'money';",
        lake="SELECT h.title, f.old, f.new, f.ratio FROM (SELECT title, unnest(facts) AS f FROM change_detail) h\n"
        " WHERE f.kind = 'money';",
    ),
    Question(
        "알리지 않고 내용을 고친 기사는?",
        "Which articles were changed in substance without a word about it?",
        "SELECT id, source, title, labels FROM change_detail\n"
        " WHERE kind = 'edited' AND weight = 'substance' AND disclosure = 'silent';",
    ),
    Question(
        "내려간 기사는? 언제까지 있었나?",
        "What was taken down, and until when was it seen?",
        "SELECT article, title, old_last_seen, new_first_seen FROM change_detail WHERE kind = 'removed';",
    ),
    Question(
        "내려갔다가 다시 올라온 기사는?",
        "What was taken down and came back?",
        "SELECT s.article, a.title, s.since FROM article_states s JOIN articles a USING (article)\n"
        " WHERE s.state = 'restored';",
    ),
    Question(
        "지금 내려가 있는 기사는? 몇 번이나 확인했나?",
        "What is gone now, and how many looks say so?",
        "SELECT a.article, a.title, s.since, s.absent, s.looks FROM articles a JOIN article_states s USING (article)\n"
        " WHERE a.state = 'removed' AND s.step = (SELECT max(step) FROM state_steps WHERE article = a.article);",
    ),
    Question(
        "그날 그 기사는 뭐라고 했나?",
        "What did this article say on that day?",
        'SELECT d.version, d.title, d.body, d.warc, d."offset"\n'
        "  FROM version_intervals i JOIN version_detail d ON d.article = i.article AND d.version = i.version\n"
        " WHERE i.article = '148930012' AND i.first_seen < '2026-11-05'\n"
        "   AND (i.ended_before IS NULL OR i.ended_before > '2026-11-05');",
    ),
    Question(
        "그날 그 부처의 보도자료는 어떤 모습이었나?",
        "How did a ministry's press releases stand on that day?",
        "SELECT article, version, title FROM version_intervals\n"
        " WHERE section = 'press-release' AND source = '과학기술정보통신부'\n"
        "   AND first_seen < '2026-11-06' AND (ended_before IS NULL OR ended_before > '2026-11-06');",
    ),
    Question(
        "제목이 바뀐 기사는?",
        "Which headlines changed?",
        "SELECT h.new_first_seen, o.title AS old, n.title AS new FROM changes h\n"
        "  JOIN change_labels l ON l.change = h.id AND l.label = 'title'\n"
        "  JOIN versions o ON o.article = h.article AND o.version = h.from_version\n"
        "  JOIN versions n ON n.article = h.article AND n.version = h.to_version;",
    ),
    Question(
        "첨부파일을 바꿔치기한 보도자료는?",
        "Which attachments were replaced?",
        "SELECT h.id, h.title, o.value ->> 'old' AS old, o.value ->> 'new' AS new\n"
        "  FROM changes h, json_each(h.fields) f, json_each(f.value ->> 'ops') o\n"
        " WHERE f.value ->> 'field' = 'attachments' AND o.value ->> 'op' = 'replace'\n"
        "   AND substr(o.value ->> 'old', -64) <> substr(o.value ->> 'new', -64);",
        lake="SELECT id, title, o.old, o.new FROM (SELECT id, title, unnest(f.ops) AS o\n"
        "  FROM (SELECT id, title, unnest(fields) AS f FROM changes) WHERE f.field = 'attachments')\n"
        " WHERE o.op = 'replace' AND substr(o.old, -64) <> substr(o.new, -64);",
    ),
    Question(
        "본문과 첨부파일의 숫자가 다른 곳은?",
        "Where do a text and its own attachment state other figures?",
        "SELECT article, version, file_id, detail ->> 'only_in_body' AS body_has,\n"
        "       detail ->> 'only_in_file' AS file_has, detail ->> 'body' AS body FROM findings WHERE kind = 'figure';",
        lake="SELECT article, version, file_id, detail.only_in_body AS body_has, detail.only_in_file AS file_has,\n"
        "       detail.body AS body FROM findings WHERE kind = 'figure';",
    ),
    Question(
        "고쳤다가 되돌린 기사는?",
        "What was changed and changed back?",
        "SELECT c.article, a.title, c.times_seen, c.versions FROM article_contents c JOIN articles a USING (article)\n"
        " WHERE c.times_seen > 1 AND c.article IN (SELECT h.article FROM changes h\n"
        "  JOIN change_labels l ON l.change = h.id WHERE l.label = 'revert');",
    ),
    Question(
        "가장 많이 고친 기사는?",
        "Which articles were changed most often?",
        "SELECT a.article, a.source, a.title, count(*) AS edits FROM changes h JOIN articles a USING (article)\n"
        " WHERE h.kind IN ('edited', 'attachment-replaced') GROUP BY a.article, a.source, a.title\n"
        " ORDER BY edits DESC, a.article LIMIT 10;",
    ),
    Question(
        "어느 부처가 많이 고치나?",
        "Which ministries change what they published, and how much of it?",
        "SELECT source, count(*) AS articles, sum(edited) AS changed,\n"
        "       round(100.0 * sum(edited) / count(*), 1) AS percent\n"
        "  FROM (SELECT source, article IN (SELECT article FROM changes\n"
        "         WHERE kind IN ('edited', 'attachment-replaced')) AS edited FROM articles)\n"
        " GROUP BY source ORDER BY changed DESC, source;",
    ),
    Question(
        "무엇을 주로 고치나?",
        "What kind of changes are there?",
        "SELECT label, count(*) AS changes FROM change_labels GROUP BY label ORDER BY changes DESC, label;",
    ),
    Question(
        "나온 지 며칠 만에 고쳤나?",
        "How many days after publication was it changed?",
        "SELECT h.id, h.title, round(julianday(h.new_first_seen) - julianday(v.published)) AS days FROM changes h\n"
        "  JOIN versions v ON v.article = h.article AND v.version = h.from_version\n"
        " WHERE h.kind = 'edited' ORDER BY days;",
    ),
    Question(
        "그 낱말은 언제 나타났고 언제 사라졌나?",
        "When did a word appear in an article, and when was it gone?",
        "SELECT article, min(first_seen) AS appeared, max(last_seen) AS last_seen FROM versions\n"
        " WHERE body LIKE '%20만 원%' GROUP BY article;",
        lake="SELECT article, min(first_seen) AS appeared, max(last_seen) AS last_seen FROM versions\n"
        " WHERE len(list_filter(body, lambda one: one.text LIKE '%20만 원%')) > 0 GROUP BY article;",
    ),
    Question(
        "그 기사를 언제 확인했고 무엇을 보았나?",
        "When was this article looked at, and what was seen?",
        "SELECT checked_at, outcome, version, status FROM article_timeline WHERE article = '148930012'\n"
        " ORDER BY checked_at;",
    ),
    Question(
        "이 변경의 증거는 어디에 있나?",
        "Where is the evidence for a change?",
        "SELECT id, old_captured_at, old_warc, old_offset, old_record_id, old_payload_digest,\n"
        "       new_captured_at, new_warc, new_offset, new_record_id, new_payload_digest\n"
        "  FROM change_detail WHERE article = '148930012' AND kind = 'edited';",
    ),
    Question(
        "포털이 멈춘 때는? 그때 못 본 기사는 삭제로 치지 않는다.",
        "When was the portal out? What was absent then counts as no removal.",
        "SELECT run, section, verdict, failed, looks, first_look, last_look FROM outages ORDER BY first_look;",
    ),
)

_HEAD = """# The database

For whoever asks the archive in SQL: twenty questions with their queries, then every view and table.

`versions.db` is a plain SQLite file. It is made from the WARC files, and `gochim rebuild` makes it anew. Read it with
any tool, and write nothing into it.

- Times are ISO 8601 in UTC. The portal's own time (`published`) has +09:00.
- Lists are JSON.
- How large the tables grow and how fast they answer stands in [database.md](database.md).

This page is written by `make docs` from the schema, and every query here is run by the tests.

## Twenty questions

Queries name an article of the demo (`gochim demo`); put in days of your own. SQLite 3.38 or newer is needed. Over the
Parquet files of `gochim export parquet` ([database.md](database.md)), DuckDB answers the same queries. Where it needs
another one, because what is JSON text here has a type there, that one is given too.
"""


def schema_page() -> str:
    """Write the page of questions, views and tables."""
    parts = [_HEAD]
    for number, one in enumerate(QUESTIONS, start=1):
        parts.append(f"{number}. **{one.korean}** {one.english}\n\n   ```sql")
        parts += [f"   {line}" for line in one.sql.split("\n")]
        if one.lake:
            parts.append("   ```\n\n   Over the lake:\n\n   ```sql")
            parts += [f"   {line}" for line in one.lake.split("\n")]
        parts.append("   ```\n")
    columns = dict(_columns())
    for heading, said in (("Views, to read", VIEWS), ("Tables, as stored", TABLES)):
        parts.append(f"## {heading}\n\n| name | holds | columns |\n|---|---|---|")
        parts += [f"| `{name}` | {meaning} | {columns[name]} |" for name, meaning in said.items()]
        parts.append("")
    return "\n".join(parts)


def _columns() -> Iterator[tuple[str, str]]:
    """Give the name and the columns of every table and view of a new archive."""
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(Path(directory))
        archive.create()
        with closing(archive.database()) as db:
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall():
                columns = db.execute(f"SELECT name FROM pragma_table_info('{name}')")  # noqa: S608  # a name of our own
                yield name, ", ".join(f"`{column}`" for (column,) in columns)
