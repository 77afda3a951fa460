"""What a command is narrowed to: days are whole, and what could never be answered is said instead of "none"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import telling
from cli.main import gochim
from cli.searching import AS_WRITTEN
from diffing import words
from replica.actions import EditTitle
from storage.errors import SettingsError
from storage.records import KST, Attachment, Block, Comparison, DocumentChange, Fact, FieldChange, Op, Version, iso
from tests import makers
from tests.drill import START, Drill

TITLE = "고친 제목이 여기 있다"


@dataclass(frozen=True, slots=True)
class Told:
    """An archive of one article that was edited once, the Korean day of that, and the article's ministry."""

    root: Path
    article: str
    day: str
    before: str
    source: str
    published: str

    def ask(self, *words: str) -> Result:
        return CliRunner().invoke(gochim, [*words, "--archive", str(self.root)])

    def number(self, *words: str) -> int:
        done = self.ask(*words, "--format", "json")
        assert done.exit_code == 0, done.output
        return len(json.loads(done.stdout))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    drill = Drill(tmp_path_factory.mktemp("narrowed"), 1)
    with closing(drill.db):
        url = drill.section("press-release")[0]
        name = drill.articles[url]
        truth = drill.portal.truth(name)
        drill.run(articles=[url], lists=False)
        EditTitle(name, TITLE).apply(drill.portal.state)
        drill.run(articles=[url], lists=False, hours=48)
        drill.db.commit()
        day = drill.now.astimezone(KST).date()
        before = str(day - timedelta(days=1))
        yield Told(drill.archive.root, name, str(day), before, truth["source"], truth["published"][:10])


def test_a_period_of_one_day_holds_what_was_seen_that_day(told: Told):
    assert told.number("changes", "--since", told.day, "--until", told.day) == 1
    assert told.number("changes", "--until", told.before) == 0
    assert told.number("changes", "--until", f"{told.day}T00:00") == 0
    written = told.ask("report", "--since", told.day, "--until", told.day, "--format", "csv", "-o", "-")
    assert written.stdout.count("edited") == 1


@pytest.mark.parametrize(
    "kept", ["gochim.toml", "versions.db", "versions.db-wal", "warc", "index/a", "manifests/a", "link"]
)
def test_what_the_archive_keeps_is_not_written_over(told: Told, tmp_path: Path, kept: str):
    path = told.root / kept if kept != "link" else tmp_path / kept
    if kept == "warc":
        path = next((told.root / "warc").glob("*.warc.gz"))
    elif kept == "link":
        path.symlink_to(told.root / "versions.db")
    before = path.read_bytes() if path.exists() else None
    for command in (["report"], ["export", "cdxj"], ["export", "wacz"], ["export", "parquet"]):
        done = told.ask(*command, "-o", str(path))
        assert isinstance(done.exception, SettingsError)
        assert str(done.exception).startswith(f"{path} is kept by the archive itself")
    assert (path.read_bytes() if path.exists() else None) == before
    assert told.ask("report", "-o", str(told.root / "reports" / "mine.html")).exit_code == 0


def test_a_report_whose_name_is_of_no_format_says_what_it_will_be(told: Told, tmp_path: Path):
    for name, said in (("r.pdf", f"{tmp_path}/r.pdf will be HTML: no format of reports ends in .pdf."), ("r.htm", "")):
        done = told.ask("report", "-o", str(tmp_path / name))
        assert (done.exit_code, done.stderr[: len(said) or None]) == (0, said)
        assert (tmp_path / name).read_text("utf-8").startswith("<!doctype html>")


def test_a_search_until_a_day_finds_what_was_published_that_day(told: Told):
    asked = ("search", TITLE, "--since", told.published, "--until", told.published, "--format", "json")
    assert json.loads(told.ask(*asked).stdout)["total"] == 1


def test_an_article_on_a_day_is_what_it_said_when_the_day_ended(told: Told):
    for at, version in ((told.day, 2), (told.before, 1)):
        assert json.loads(told.ask("show", told.article, "--at", at, "--format", "json").stdout)["version"] == version
        hits = json.loads(told.ask("search", told.source, "--at", at, "--format", "json").stdout)["hits"]
        assert [hit["version"] for hit in hits] in ([], [version])


def test_before_its_first_sight_an_article_is_refused_in_korean_time(told: Told):
    for at, day in (("2026-11-01", "2026-11-01"), ("0001", "0001-12-31")):
        done = told.ask("show", told.article, "--at", at)
        assert isinstance(done.exception, SettingsError)
        assert f"after {day} 23:59:59 (KST)" in str(done.exception)


@pytest.mark.parametrize(
    ("since", "until"),
    [("2026-11-28", "2026-11-01"), ("2026-11-28", "2026-11-27"), ("2026-11-28T10:00", "2026-11-28T10:00")],
)
def test_a_period_in_which_no_time_lies_is_refused_in_the_words_it_was_given_in(told: Told, since: str, until: str):
    for command in (["changes"], ["report", "-o", "-"], ["search", "예산"]):
        done = told.ask(*command, "--since", since, "--until", until)
        assert isinstance(done.exception, SettingsError)
        assert f"between --since {since} and --until {until}." in str(done.exception)


def test_a_ministry_of_which_nothing_is_here_is_named_with_what_it_may_be_short_for(told: Told):
    short = told.source[0] + told.source[-1]
    for command in (["changes"], ["report", "--format", "csv", "-o", "-"], ["search", "예산"]):
        done = told.ask(*command, "--ministry", short, "--ministry", told.source)
        assert done.stderr == f"No article of {short} is in this archive; did you mean {told.source}?\n"
        assert told.ask(*command, "--ministry", short, "-q").stderr == ""
    assert told.ask("changes", "--ministry", "달나라부").stderr == "No article of 달나라부 is in this archive.\n"


def test_no_change_is_not_said_of_a_time_when_nobody_looked(told: Told):
    assert told.ask("changes", "--until", "2026-11-01").stderr.startswith("Nobody looked at any article")
    assert told.ask("changes", "--until", told.before).stderr == ""
    assert told.ask("changes", "--until", "2026-11-01", "-q").stderr == ""
    for style in ("html", "markdown"):
        unlooked, looked = (
            told.ask("report", "--until", day, "--format", style, "-o", "-").stdout
            for day in ("2026-11-01", told.before)
        )
        assert ("조회하지 않았으므로" in unlooked, "조회하지 않았으므로" in looked) == (True, False)
        assert ("모두 앞서 확인한 내용과" in unlooked, "모두 앞서 확인한 내용과" in looked) == (False, True)


def test_a_search_that_finds_nothing_says_that_operators_are_none(told: Told):
    assert told.ask("search", f"{TITLE} OR 예산").stderr == AS_WRITTEN + "\n"
    assert told.ask("search", TITLE).stderr == ""


@pytest.mark.parametrize("style", ["csv", "jsonl", "json"])
def test_data_that_are_cut_say_so(told: Told, style: str):
    cut, whole = (told.ask("search", "다", "--limit", limit, "--format", style) for limit in ("1", "2"))
    assert (cut.stderr, whole.stderr) == ("The best 1 of 2 versions; all with --limit 0\n", "")


def test_many_looks_that_came_to_the_same_are_one_line(capsys):
    came = ["read"] * 3 + ["gone"] * 1400 + ["read"] * 4
    said = {"read": {"status": 200, "version": 1}, "gone": {"status": 404, "version": None}}
    telling.tell_looks(
        {
            "checked_at": iso(START + timedelta(hours=hour)),
            "outcome": outcome,
            "failure": None,
            "unread": [],
            "held": None,
            **said[outcome],
        }
        for hour, outcome in enumerate(came)
    )
    assert capsys.readouterr().out.splitlines() == [
        *(f"  2026-11-02 {hour}:00:00  read          200 version 1" for hour in (18, 19, 20)),
        "  2026-11-02 21:00:00 to 2026-12-31 04:00:00  gone          404, 1,400 looks",
        "  2026-12-31 05:00:00 to 2026-12-31 08:00:00  read          200 version 1, 4 looks",
    ]


def test_an_article_is_printed_as_it_stood(capsys):
    blocks = (
        ("heading", "왜 짓나"), ("paragraph", "열두 곳을 짓는다."), ("quote", "모두의 방이다."), ("list-item", "하나"),
        ("caption", "새 도서관"),
    )  # fmt: skip
    said = makers.article(
        subtitles=("3월부터",),
        body=tuple(Block(kind, text) for kind, text in blocks),  # type: ignore[arg-type]
        attachments=(Attachment("77", "계획.hwpx", None, "ab" * 32), Attachment("78", "표.pdf", None, None)),
    )
    stood = Version(said, 2, makers.at(0), makers.at(24), makers.evidence(makers.at(0)), "x", "y")
    telling.tell_version(stood, {})
    title, *_, where = (head := capsys.readouterr().out.split("\n\n"))[0].splitlines()
    assert title == said.title
    assert "  3월부터" in head[0].splitlines()
    assert "version 2, seen from 2026-09-15 18:00:00 to 2026-09-16 18:00:00 (KST)" in head[0]
    assert where == f"warc/made-20260915.warc.gz offset 0 {stood.evidence.record_id}"
    assert [one.strip() for one in head[1:]] == [
        "## 왜 짓나", "열두 곳을 짓는다.", "> 모두의 방이다.", "- 하나", "[사진] 새 도서관",
        f"[77] 계획.hwpx  sha256:{'ab' * 32}", "[78] 표.pdf  sha256:not read",
    ]  # fmt: skip


def test_a_comparison_is_printed_step_by_step_with_what_is_the_same_counted(capsys):
    body = (
        Op("keep", "가", "가", (), 0, 0),
        Op("replace", "둘이다.", "셋이다.", (("delete", "둘"), ("insert", "셋"), ("keep", "이다.")), 1, 1),
        Op("delete", "나간다.", None, (), 2, None),
        Op("move", "옮긴다.", "옮긴다.", (), 3, 2),
        *(Op("keep", "라", "라", (), place, place) for place in (4, 5)),
        Op("replace", "소제목", "소제목", (("keep", "소제목"),), 6, 6),
    )
    documents = (
        DocumentChange("1", "2", "옛.hwpx", "새.hwpx", (Op("insert", None, "더한다.", (), None, 0),)),
        DocumentChange("3", "4", "같은.pdf", "같은.pdf"),
    )
    telling.tell_comparison(Comparison(fields=(FieldChange("body", body),), documents=documents))
    assert capsys.readouterr().out.splitlines() == [
        "body", "    (1 the same)", "  ~ [-둘-]{+셋+}이다.", "  - 나간다.", "  > moved from place 4 to 3: 옮긴다.",
        "    (2 the same)",
        "  ~ (the same words as another kind of paragraph, such as a heading or a list item) 소제목",
        "in 새.hwpx", "  + 더한다.", "in 같은.pdf",
        "    (the file is another and says the same)",
    ]  # fmt: skip


def test_a_table_that_differs_is_told_row_by_row(capsys) -> None:
    old, new = "지역\t신청\n서울\t12", "지역\t신청\n서울\t15\n제주\t4"
    told = (("keep", "지역\t신청\n서울\t"), ("delete", "12"), ("insert", "15"), ("insert", "\n제주\t4"))
    op = Op("replace", old, new, told, 0, 0)
    lines = Op("insert", None, "하나\n둘", (), None, 1)
    telling.tell_comparison(Comparison(fields=(FieldChange("body", (op, lines)),)))
    assert capsys.readouterr().out.splitlines() == [
        "body", "  ~ 지역 | 신청", "    서울 | [-12-]{+15+}", "    {+제주+} | {+4+}", "  + 하나", "    둘",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "apart"),
    [
        (Fact("money", "100원", "80원", 100, 80, -0.2), " (-20%)"),
        (Fact("money", "1,000원", "5,125.5원", 1_000, 5_125.5, 4.1255), " (+412.55%)"),
        (Fact("percent", "3.5%", "3.2%", 3.5, 3.2, -0.0857), " (0.3%p down)"),
        (Fact("money", "△350억 원", "△300억 원", -3.5e10, -3e10, -0.1429), ""),
        (Fact("quantity", "3명", "4가구", 3, 4, None), ""),
    ],
)
def test_how_far_values_lie_apart_is_said_where_it_has_a_meaning(fact: Fact, apart: str):
    assert telling._apart(fact) == apart


def test_a_file_that_differs_is_told_by_its_parts(capsys) -> None:
    one, other = (f"개요.hwpx\t{number}\tsha256:{letter * 64}" for number, letter in (("7", "a"), ("8", "b")))
    op = Op("replace", one, other, words.diff(one, other), 0, 0)
    telling.tell_comparison(Comparison(fields=(FieldChange("attachments", (op,)),)))
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "attachments",
        f"  ~ 개요.hwpx · file number [-7-]{{+8+}} · content [-sha256:{'a' * 12}…-]{{+sha256:{'b' * 12}…+}}",
    ]


def test_an_id_is_found_with_the_spaces_that_were_pasted_with_it(told: Told):
    assert told.ask("show", f" {told.article}\n").exit_code == 0


def test_a_comparison_of_what_is_the_same_says_so(told: Told):
    assert told.ask("diff", told.article, "2", "2").stdout == f"{told.article}, version 2 -> 2: both say the same\n"
    done = told.ask("diff", told.article, "2")
    assert isinstance(done.exception, SettingsError)
    assert f"diff {told.article} 1 2" in str(done.exception)
