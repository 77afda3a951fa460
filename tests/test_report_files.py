"""Reports as files: narrowed, cut to a limit with a note, written after each run, read by other programs."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any, get_args

import feedparser
import pytest
from lxml import html

from cli import reporting
from cli.options import Place
from crawler.setting_checks import REPORT_FORMATS
from crawler.watch import written as setting_file
from diffing.reports import FORMATS, as_atom, as_csv, as_html, as_json, as_markdown, pieces
from diffing.reports.frame import drawn, finding_line, uncounted
from diffing.reports.links import segment, written
from diffing.reports.meanings import LABELS_MEAN
from diffing.reports.phrases import LABELS, Words
from diffing.reports.pictures import picture
from diffing.reports.report import Finding
from diffing.reports.tallies import Subject, Tally, published, tallies
from storage import changes, findings, versions
from storage.change_query import Query
from storage.errors import RunEndedEarly
from storage.records import Comparison, FieldChange, Op, Outline
from tests import makers
from tests.makers import file_readings
from tests.report_samples import START, all_changes, change, edited, hostile, many, removed, report

KO = Words("ko")
DOCS = Path(__file__).resolve().parent.parent / "docs" / "reports.md"
FINDING = Finding(
    "156782012", "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156782012", "<b>제목</b>", "교육부",
    "figure",
    ("1985", "1986"), ("안전.hwpx", "안전.pdf"),
    {"only_in_body": ["3026"], "only_in_file": ["2026"], "body": "3026~2027년\u202e", "file": "2026"},
    2, START,
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("missing-in-file", "첨부파일에 본문의 84%가 없음, 그 처음: “첫 문단” (첨부파일: 안전.hwpx, 안전.pdf)"),
        ("missing-in-body", "본문에 첨부파일의 84%가 없음, 그 처음: “첫 문단” (첨부파일: 안전.hwpx, 안전.pdf)"),
    ],
)
def test_a_text_that_lacks_part_of_its_file_is_told_with_the_share_and_the_first_of_it(kind: Any, said: str):
    one = replace(FINDING, kind=kind, detail={"share": 0.836, "first": "첫 문단"})
    assert finding_line(one, KO) == said


def outline(hours: float, printed: str | None, kind: str = "edited", source: str | None = "산림청", stood: int = 0):
    seen = START + timedelta(hours=hours)
    last = seen - timedelta(minutes=1)
    return Outline("a", "a", "policy-news", source, kind, "wording", last, seen, printed, last - timedelta(hours=stood))


def rows(tally: Tally) -> dict[str, int]:
    return {name: n for name, n in tally.rows if n}


def test_delays_are_counted_from_what_the_article_prints_to_the_first_sight_of_the_change():
    start = START.isoformat()
    given = [
        outline(0.5, start), outline(23.9, start), outline(25, start), outline(5, "2026-09-15"), outline(-1, start),
        outline(24 * 20, None), outline(1, start, kind="restored"), outline(24 * 400, "2026-09-15", stood=30),
    ]  # fmt: skip
    hours, days, sources, stood = tallies(report(outlines=given), KO)
    assert rows(hours) == {"0시간": 1, "23시간": 1}
    assert hours.without == 4  # a date alone twice, no date, and a change before its article
    assert rows(days) == {"당일": 3, "1일": 2, "1년 넘게": 1}
    assert days.without == 1
    assert rows(sources) == {"산림청": 8}
    assert rows(stood) == {"1시간 미만": 6, "1–3일": 1}


def test_a_row_of_a_tally_reaches_to_the_beginning_of_the_next():
    given = [outline(24 * n, "2026-09-15") for n in (6, 7, 13, 14, 29, 30, 89, 90, 364, 365)]
    assert rows(tallies(report(outlines=given), KO)[1]) == {
        "6일": 1, "7–13일": 2, "14–29일": 2, "30–89일": 2, "90–364일": 2, "1년 넘게": 1,
    }  # fmt: skip
    given = [outline(1, None, stood=hours) for hours in (0, 1, 5, 6, 23, 24, 71, 72, 167, 168, 719, 720)]
    assert rows(tallies(report(outlines=given), KO)[3]) == {
        "1시간 미만": 1, "1–6시간": 2, "6–24시간": 2, "1–3일": 2, "3–7일": 2, "7–30일": 2, "30일 이상": 1,
    }  # fmt: skip


def test_of_a_single_change_nothing_is_counted_beside_it():
    one = outline(1, START.isoformat())
    alone, two = report(change(), outlines=[one]), report(change(), removed(), outlines=[one, one])
    for render, counted in ((as_html.render, "그림으로 보기"), (as_markdown.render, "## 기간을 수로 보기")):
        assert counted not in render(alone)
        assert counted in render(two)


def test_a_date_without_a_time_has_no_hour_and_nonsense_no_date():
    assert published("2026-09-15T18:16:48+09:00") == (START, True)
    assert published("2026-09-15T18:16:48")[0] == START
    assert published("2026-09-15")[1] is False
    assert published("어제") == published(None) == (None, False)


def test_sources_past_the_twelfth_are_counted_together():
    given = [outline(1, None, source=f"기관 {n:02}") for n in range(20)] + [outline(1, None, source=None)]
    told = tallies(report(outlines=given), KO)[2]
    assert len(told.rows) == 13
    assert told.rows[-1] == ("그 밖의 출처", 9)
    assert told.total == 21


@pytest.mark.parametrize("subject", get_args(Subject))
def test_a_picture_says_what_it_shows_and_carries_neither_script_nor_style(subject):
    tally = Tally(subject, (('<script>"x"</script>\u202e', 3), ("이름이 아주아주 길고 또 긴 어느 기관", 0), ("다", 7)))
    svg = picture(tally, "제목 <1>", "설명", "축")
    root = html.fragment_fromstring(svg)
    assert root.get("role") == "img"
    assert [root.xpath(f"//*[@id='{one}']")[0].text for one in root.get("aria-labelledby").split()] == [
        "제목 <1>",
        "설명",
    ]
    assert {one.tag for one in root.iter()} <= {"svg", "title", "desc", "g", "line", "rect", "text"}
    assert not [
        name for one in root.iter() for name in one.attrib if name.startswith("on") or name in {"style", "href"}
    ]
    assert "\u202e" not in svg
    assert (">축<" in svg) == (subject == "hours")
    lengths = [float(one.get("height" if subject == "hours" else "width")) for one in root.iter("rect")]
    assert sorted(lengths) == pytest.approx([0, max(lengths) * 3 / 7, max(lengths)])
    assert svg == picture(tally, "제목 <1>", "설명", "축")


def test_every_bar_of_the_days_has_its_name():
    """Of columns every second was named, and who read the page could not tell what the others counted."""
    (days,) = (one for one in tallies(report(edited()), KO) if one.subject == "days")
    svg = html.fragment_fromstring(picture(days, "제목", "설명", "축"))
    assert {name for name, _ in days.rows} <= {one.text for one in svg.iter("text")}


def test_a_name_is_cut_by_the_room_it_takes():
    names = ("other sources", "이름이 아주아주 길고 또 긴 어느 기관", "한국과학기술기획평가원")
    svg = html.fragment_fromstring(picture(Tally("sources", tuple((one, 1) for one in names), 0), "제목", "설명", "축"))
    told = [one.text for one in svg.iter("text")]
    assert "other sources" in told
    assert any(one.startswith("이름이") and one.endswith("…") for one in told)


def test_who_cannot_see_a_picture_is_told_what_stands_out_and_what_was_not_counted():
    tally = Tally("days", (("당일", 3), ("1일", 1_200), ("한 해 넘게", 0)), 7)
    assert drawn(tally, KO) == "1,203건 가운데 가장 많은 것은 1일, 1,200건."
    assert uncounted(tally, KO) == "게재일을 알 수 없어 세지 못한 변경 7건."
    assert uncounted(replace(tally, without=0), KO) == ""


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_page_draws_the_period_and_gives_its_numbers_as_tables(lang):
    root = html.document_fromstring(as_html.render(report(*all_changes(), lang=lang)))
    figures = root.xpath("//figure")
    assert len(figures) == 4
    drawn = [one for one in figures if one.xpath(".//*[local-name()='svg']")]
    assert [bool(one.xpath(".//table")) for one in drawn] == [True] * len(drawn)
    assert len(set(root.xpath("//@id"))) == len(root.xpath("//@id"))


def test_every_label_has_a_meaning_and_the_page_explains_those_it_uses():
    assert set(LABELS_MEAN) == set(LABELS)
    root = html.document_fromstring(as_html.render(report(edited())))
    told = {one.removeprefix("label-") for one in root.xpath("//details[@class='glossary']//dt/@id")}
    assert told == set(edited().comparison.labels)


@pytest.mark.parametrize("render", [as_html.render, as_markdown.render])
def test_a_report_that_leaves_changes_out_counts_them_and_names_the_command(render):
    everything = [Outline.of(one) for one in many(40)]
    made = report(*many(3), outlines=everything, filters={"ministry": ["보건복지부"], "weight": ["substance"]})
    text = render(made)
    assert "변경 40건 가운데 3건만" in text
    assert "gochim changes --since 2026-09-14T15:00:00+00:00" in text
    command = "--ministry '보건복지부' --min-weight substance --format jsonl"
    assert command in unescape(text)
    assert "출처: 보건복지부" in text
    assert "건만 자세히" not in render(report(*many(3)))


def test_a_disagreement_is_told_once_with_all_its_files_and_its_text_stays_text():
    page = as_html.render(report(edited(), findings=[FINDING]))
    assert page.count("본문에는 3026, 첨부파일에는 2026") == 1
    assert "<b>제목</b>" not in page
    assert "\u202e" not in page
    assert "본문에는 3026, 첨부파일에는 2026" in as_markdown.render(report(findings=[FINDING]))
    assert json.loads(as_json.render(report(findings=[FINDING])))["findings"][0]["files"] == ["1985", "1986"]
    told = json.loads(as_json.render(report(findings=[FINDING])))["findings"][0]
    assert (told["version"], told["first_seen"]) == (2, START.isoformat(timespec="microseconds"))


def test_markdown_gives_as_tables_what_the_page_draws():
    given = [outline(3, START.isoformat(), stood=5), outline(4, "2026-09-15")]
    text = as_markdown.render(report(outlines=given, lang="en"))
    assert "### Days from publication to change\n\n| Days since publication | Changes |" in text
    assert "| same day | 2 |" in text
    assert "Changes of articles that print no time of day: 1." in text
    assert "The period in numbers" not in as_markdown.render(report(edited()))


def test_a_feed_reader_reads_the_feed_and_a_rebuild_announces_nothing_twice():
    made = report(*all_changes(), hostile(), home="https://example.org/reports/")
    feed = feedparser.parse(as_atom.render(made).encode())
    assert not feed.bozo
    assert feed.version == "atom10"
    assert [one.href for one in feed.feed.links if one.rel == "self"] == ["https://example.org/reports/changes.atom"]
    assert all(one.id.startswith("tag:gochim,2026:") and one.updated_parsed and one.title for one in feed.entries)
    again = feedparser.parse(as_atom.render(replace(made, made_at=made.made_at + timedelta(days=9))).encode())
    assert [(one.id, one.updated) for one in again.entries] == [(one.id, one.updated) for one in feed.entries]
    assert again.feed.updated == feed.feed.updated
    assert len({one.id for one in feed.entries}) == len(feed.entries)


def test_feeds_narrowed_otherwise_are_other_feeds_and_a_cut_feed_says_so():
    whole, narrowed = report(edited()), report(edited(), filters={"ministry": ["산림청"]})
    names = {as_atom.feed_id(one) for one in (whole, narrowed, replace(whole, lang="en"))}
    assert len(names) == 3
    cut = feedparser.parse(as_atom.render(report(*many(2), outlines=[Outline.of(one) for one in many(9)])).encode())
    assert "가장 새로운 변경 2건(이 기간의 변경은 모두 9건)" in cut.feed.subtitle


def test_a_move_names_the_sections_as_readers_know_them():
    ops = (Op("replace", "policy-news", "fact-check", (("delete", "policy-news"), ("insert", "fact-check"))),)
    text = as_markdown.render(report(change(kind="moved", comparison=Comparison((FieldChange("section", ops),)))))
    assert "{삭제 ~~정책뉴스~~}{추가 **사실은 이렇습니다**}" in text


@pytest.mark.parametrize("style", FORMATS)
def test_the_pieces_of_a_report_are_the_report(style):
    for made in (report(), report(*all_changes(), hostile())):
        assert "".join(pieces(made, style)) == FORMATS[style](made)
    assert json.loads("".join(pieces(report(*many(3)), "json")))["changes"][2]["article"] == "148980002"


def test_the_csv_carries_the_evidence_exactly():
    row = next(csv.DictReader(io.StringIO(as_csv.render(report(removed())), newline="")))
    for side, one in (("old", removed().evidence_old), ("new", removed().evidence_new)):
        told = {name: row[f"{side}_{name}"] for name in ("warc", "offset", "length", "record_id", "payload_digest")}
        assert told == {name: str(getattr(one, name)) for name in told}


def test_the_docs_name_every_column_and_every_key():
    text = DOCS.read_text(encoding="utf-8")
    keys = json.loads(as_json.render(report(edited())))
    named = set(re.findall(r"`([a-z_]+)`", text))
    assert {re.sub("^(old|new)_", "", one) for one in as_csv.COLUMNS} - {"last_seen", "first_seen"} <= named | {"seen"}
    assert set(keys) <= named


def test_the_settings_know_the_formats_there_are():
    assert set(REPORT_FORMATS) == set(FORMATS) == set(reporting.ENDINGS) == set(reporting.LIMITS)


@pytest.fixture
def place(tmp_path):
    """An archive with a run, in it an article edited seven times with a promise and once in its spaces."""
    archive, db = makers.archive_at(tmp_path / "archive")
    given = {"url": "http://127.0.0.1:1", "report_formats": ["html", "atom", "csv"], "report_keep": 2}
    archive.settings_path.write_text(setting_file(**given, report_days=36_500, report_csv_bom=True), encoding="utf-8")
    texts = [f"예산은 모두 {n + 3}억 원이다." for n in range(8)] + ["예산은 모두 10억원이다."]
    with closing(db), db:
        file_readings(db, "148930267", makers.readings(db, [makers.article(text) for text in texts]))
        makers.found_and_filed(db)
    return Place(archive, quiet=True)


def test_after_a_run_the_latest_report_the_feed_and_the_run_s_own_are_there(place):
    with closing(place.archive.database()) as db:
        found = [one.id for one in changes.find(db, Query())]
        reporting.write_after_run(place, db, found[-1:])
        reporting.write_after_run(place, db, [])
    files = {one.relative_to(place.archive.reports).as_posix() for one in place.archive.reports.rglob("*.*")}
    run = makers.RUN.run
    assert files == {"changes.html", "changes.atom", "changes.csv", f"runs/{run}.html", f"runs/{run}.csv"}
    latest = (place.archive.reports / "changes.csv").read_bytes()
    assert latest.startswith(b"\xef\xbb\xbf")
    of_run = (place.archive.reports / f"runs/{run}.csv").read_text(encoding="utf-8-sig")
    assert latest.count(b"\r\n") == len(found) + 1
    assert [row["id"] for row in csv.DictReader(io.StringIO(of_run, newline=""))] == found[-1:]


def test_the_reports_of_old_runs_are_removed_and_nothing_else_is(place):
    old = place.archive.reports / "runs"
    old.mkdir()
    kept = ("20250102T000000-b.html", "20250102T000000-b.csv", "note.txt", "1-note.html")
    for name in ("20250101T000000-a.html", *kept):
        (old / name).write_text("x", encoding="utf-8")
    with closing(place.archive.database()) as db:
        reporting.write_after_run(place, db, [changes.find(db, Query())[0].id])
    left = {one.name for one in old.iterdir()}
    assert left == {*kept, f"{makers.RUN.run}.html", f"{makers.RUN.run}.csv"}


def test_without_formats_in_the_settings_a_run_writes_no_report(place):
    place.archive.settings_path.write_text(setting_file(url="http://127.0.0.1:1"), encoding="utf-8")
    with closing(place.archive.database()) as db:
        reporting.write_after_run(place, db, ["148930267.1"])
    assert not list(place.archive.reports.rglob("*.*"))


def test_a_report_that_cannot_be_written_is_said_and_leaves_the_one_before(place):
    path = place.archive.reports / "changes.html"
    path.mkdir(parents=True)
    with closing(place.archive.database()) as db, pytest.raises(RunEndedEarly, match="cannot be written"):
        reporting.write_after_run(place, db, [])
    assert path.is_dir()


def made(place, **wanted):
    limits = {name: wanted.pop(name) for name in ("limit", "style") if name in wanted}
    with closing(place.archive.database()) as db:
        return reporting.report_of(place, db, Query(**wanted), datetime.now(UTC), "ko", **limits)


def test_a_limit_keeps_the_heaviest_and_of_a_feed_the_newest(place):
    heavy = made(place, limit=3)
    assert {one.comparison.weight for one in heavy.changes} == {"substance"}
    assert (len(heavy.changes), heavy.left_out, len(heavy.everything)) == (3, 5, 8)
    newest = made(place, limit=1, style="atom")
    assert newest.changes[0].comparison.weight == "cosmetic"
    assert made(place).left_out == 0


def test_a_campaign_has_all_its_members_in_a_report_that_tells_few_changes(place):
    with closing(place.archive.database()) as db, db:
        for n in range(10):
            name, texts = str(148_940_000 + n), (f"{n}월 보고는 {who}에 한다." for who in ("기획재정부", "재정경제부"))
            states = [makers.article(text, name) for text in texts]
            file_readings(db, name, makers.readings(db, states, name))
            makers.found_and_filed(db, name)
    cut = made(place, limit=2)
    (one,) = json.loads(as_json.render(cut))["campaigns"]
    assert (one["old"], one["new"], one["articles"]) == ("기획재정부", "재정경제부", 10)
    assert [member["article"] for member in one["members"]] == [str(148_940_000 + n) for n in range(10)]
    assert one["first_seen"] == one["members"][0]["new_first_seen"]
    assert one["last_seen"] == one["members"][-1]["new_first_seen"]
    assert cut.campaigns == made(place).campaigns
    assert "글 10건에서 같은 고침: 기획재정부→재정경제부" in as_markdown.render(cut)
    page = html.fromstring(as_html.render(cut))
    assert "글 10건에서 같은 고침: 기획재정부→재정경제부" in page.text_content()
    anchors = {one.get("id") for one in page.iter() if one.get("id")}
    inside = [one for one in page.xpath("//a/@href") if one.startswith("#")]
    assert {one[1:] for one in inside} <= anchors
    # what the report tells is a click away, of the rest the portal's page is
    whole = html.fromstring(as_html.render(made(place)))
    links = whole.xpath("//section[@aria-labelledby='campaigns']//li//li/a/@href")
    assert len(links) == 10
    assert all(one.startswith("#") for one in links)
    assert made(place, limit=2, style="atom").shared is None


def test_an_outline_says_when_the_old_text_was_published_and_first_seen(place):
    one = made(place).everything[2]
    assert one.published == "2026-09-15T18:00:00+09:00"
    assert one.began == makers.at(48)
    assert one.new_first_seen == makers.at(72)


def test_a_report_is_narrowed_and_says_to_what(place):
    narrowed = made(place, sections=["policy-news"], min_weight="substance", labels=["money"])
    assert len(narrowed.changes) == 7
    assert narrowed.filters == {"section": ["policy-news"], "label": ["money"], "weight": ("substance",)}
    assert made(place, sections=["photo"]).changes == []


def test_a_finding_is_reported_once_though_several_files_show_it(place):
    with closing(place.archive.database()) as db, db:
        newest = versions.versions(db, "148930267")[-1]
        found = [("figure", name, FINDING.detail) for name in ("b", "a")]
        found += [("figure", "c", {**FINDING.detail, "member": name}) for name in ("가.hwp", "나.pdf")]
        findings.put(db, findings.rows_of(newest.article.article, newest.version, newest.article.content_digest, found))
    assert [one.files for one in made(place).findings] == [("b", "a", "c", "c")]
    assert [one.file_names for one in made(place).findings] == [("b", "a", "c/가.hwp", "c/나.pdf")]
    assert [one.detail for one in made(place).findings] == [FINDING.detail]
    assert made(place, until=makers.at(1)).findings == []
    assert made(place, sections=["photo"]).findings == []
    assert made(place, labels=["money"]).findings == []


@pytest.mark.parametrize(
    ("address", "in_ascii"),
    [
        ("https://www.korea.kr/a?b=1&c=%20#d", "https://www.korea.kr/a?b=1&c=%20#d"),
        ('https://www.korea.kr/글 "<x>', "https://www.korea.kr/%EA%B8%80%20%22%3Cx%3E"),
        ("https://www.korea.kr/\ud800", "https://www.korea.kr/?"),
    ],
)
def test_an_address_is_written_in_ascii_whatever_stands_in_it(address: str, in_ascii: str):
    assert written(address) == in_ascii
    assert segment(address).isascii()
    assert "/" not in segment(address)
