"""Reports say what changed, in every format, and nothing in an article can make them say anything else."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from cli import printing
from crawler.sections import SECTIONS as PORTAL_SECTIONS
from diffing.reports import FORMATS, as_atom, as_csv, as_html, as_json, as_markdown
from diffing.reports.phrases import DISCLOSURES, KINDS, LABELS, SECTIONS, WEIGHT_WORDS, Words
from diffing.reports.report import Lang
from diffing.reports.summary import difference, summary
from diffing.reports.visible import UNSEEN, shown
from reader.sentences import SENTENCES as PAGES
from storage import records
from storage.records import Comparison, Fact, FieldChange, Op
from storage.site_changes import Member, SiteChange
from tests.report_samples import (
    START,
    all_changes,
    attachment_replaced,
    change,
    cosmetic,
    edited,
    hostile,
    moved,
    removed,
    report,
    restored,
)

GOLDEN = Path(__file__).parent / "golden" / "reports"
ATOM = "{http://www.w3.org/2005/Atom}"
KO, EN = Words("ko"), Words("en")
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
NASTY = st.text(st.sampled_from("<>&\"'[]()*_~`#|!-+=.1\\{}$@: \n\t\r\x00\u202e\u00a0가나ab;"), max_size=40)


@pytest.mark.parametrize(
    ("codes", "table"),
    [
        (records.LABELS, LABELS),
        (get_args(records.ChangeKind), KINDS),
        (get_args(records.Weight), WEIGHT_WORDS),
        (get_args(records.Disclosure), DISCLOSURES),
        ([name for name, section in PORTAL_SECTIONS.items() if section.views], SECTIONS),
    ],
)
def test_every_code_has_words_in_both_languages(codes, table):
    assert set(codes) == set(table)
    assert all(ko and en and ko != en for ko, en in table.values())


def test_a_report_calls_a_section_what_the_portal_calls_it():
    assert {name: ko for name, (ko, _) in SECTIONS.items()} == {name: PORTAL_SECTIONS[name].label for name in SECTIONS}


def test_a_code_without_words_is_its_own_word():
    assert KO.word(LABELS, "brand-new") == "brand-new"


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (
            edited(),
            "제목 변경; 금액 1조 5,000억 원→1조 2,000억 원(20% 감소); 수량 320개소→280개소(12.5% 감소); "
            "문단 1개 추가; 문단 1개 삭제; 문단 1개 이동; 확정 정도 바뀜",
        ),
        (removed(), "글을 더는 볼 수 없음"),
        (restored(), "사라졌던 글을 다시 볼 수 있음"),
        (moved(), "주소나 갈래가 바뀜"),
        (attachment_replaced(), "첨부파일 교체; 비율 3.5%→3.2%(0.3%p 하락)"),
        (cosmetic(), "띄어쓰기, 문장부호, 문자 표기 방식 바뀜"),
        (change(comparison=Comparison(fields=(FieldChange("author", ()),))), "작성자 변경"),
        (
            change(comparison=Comparison(labels=("title", "wording", "revert"))),
            "이전 상태로 되돌림; 제목 변경; 표현 바뀜",
        ),
    ],
)
def test_a_summary_is_one_line_of_facts_and_labels(made, line):
    assert summary(made, KO) == line


@pytest.mark.parametrize("label", [one for one in records.LABELS if one != "body"])
@pytest.mark.parametrize("lang", get_args(Lang))
def test_a_summary_names_each_label_but_the_body(label, lang):
    words = Words(lang)
    line = summary(change(comparison=Comparison(labels=(label,))), words)
    assert all(one in line.lower() for one in words.word(LABELS, label).lower().split())


def test_a_summary_names_three_facts_and_counts_the_rest():
    facts = tuple(Fact("number", str(n), str(n + 1), n, n + 1, None) for n in range(5))
    line = summary(change(comparison=Comparison(facts=facts, labels=("body", "number"))), KO)
    assert line == "숫자 0→1; 숫자 1→2; 숫자 2→3; 값 2개 더 바뀜"
    line = summary(change(comparison=Comparison(facts=facts[:3], labels=("body", "number"))), KO)
    assert line == "숫자 0→1; 숫자 1→2; 숫자 2→3"


@pytest.mark.parametrize(
    ("fact", "apart"),
    [
        (Fact("money", "100원", "80원", 100, 80, -0.2), "20% 감소"),
        (Fact("money", "3억 원", "30억 원", 3e8, 3e9, 9), "10배"),
        (Fact("money", "3천 원", "1,234억 원", 3e3, 1.234e11, 41_133_332.3), "41,133,333.3배"),
        (Fact("quantity", "3명", "4명", 3, 4, 0.3333), "33.3% 증가"),
        (Fact("quantity", "10,000명", "9,999명", 10_000, 9_999, -0.0001), "0.01% 감소"),
        (Fact("quantity", "100,000명", "1명", 100_000, 1, -1.0), "99.999% 감소"),
        (Fact("quantity", "1,000,000명", "1,000,412명", 1_000_000, 1_000_412, 0.0004), "0.041% 증가"),
        (Fact("percent", "3.5%", "3.2%", 3.5, 3.2, -0.0857), "0.3%p 하락"),
        (Fact("percent", "2배", "3배", 2, 3, 0.5), "50% 증가"),
        (Fact("percent", "△1.2%", "1.2%", -1.2, 1.2, -2), "2.4%p 상승"),
        (Fact("percent", "0%", "1%", 0, 1, None), "1%p 상승"),
        (Fact("percent", "0.3%p", "0.5%포인트", 0.3, 0.5, 0.6667), "0.2%p 상승"),
        (Fact("percent", "3.5%", "35,000,000%", 3.5, 3.5e7, 9_999_999), "34,999,996.5%p 상승"),
        (Fact("percent", "3%", "3.5%p", 3, 3.5, None), ""),
        (Fact("percent", "3", "4", 3, 4, 0.3333), ""),
        (Fact("quantity", "5℃", "10℃", 5, 10, 1.0), "5도 상승"),
        (Fact("quantity", "영상 7도", "영하 2.5도", 7, -2.5, -1.3571), "9.5도 하락"),
        (Fact("number", "△5", "5", -5, 5, -2), "부호 바뀜"),
        (Fact("number", "△5", "△3", -5, -3, -0.4), ""),
        (Fact("number", "▲5", "5", None, 5, None), ""),
        (Fact("number", "0", "5", 0, 5, None), ""),
        (Fact("quantity", "3명", "4가구", 3, 4, None), ""),
        (Fact("quantity", "3명 이상", "3명 미만", 3, 3, 0), ""),
        (Fact("date-value", "3일", "4일", "2026-09-03", "2026-09-04", None), ""),
    ],
)
def test_a_difference_is_stated_only_where_it_has_a_meaning(fact, apart):
    assert difference(fact, KO) == apart


def test_a_report_refuses_a_time_without_an_offset():
    with pytest.raises(ValueError, match=r"Report\.made_at has no UTC offset"):
        report(made_at=datetime(2026, 9, 22))  # noqa: DTZ001 - the fault under test


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_format_renders_the_same_report_the_same_way_whatever_the_order_given(name, lang):
    given = [*all_changes(), hostile()]
    text = FORMATS[name](report(*given, lang=lang))
    assert text == FORMATS[name](report(*reversed(given), lang=lang))
    text.encode("utf-8")


@pytest.mark.parametrize("name", ["html", "markdown", "atom"])
def test_no_character_that_hides_or_reorders_reaches_a_reader(name):
    text = FORMATS[name](report(hostile(), footnotes=("a\u202eb\x00",)))
    assert not UNSEEN.search(text)
    assert "U+202E" in text
    assert "U+0000" in text


def tokens(text):
    parsed = MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse(text)
    return [inner for token in parsed for inner in (token, *(token.children or ()))]


def test_the_markdown_report_is_the_reviewed_one():
    made = as_markdown.render(report(*all_changes(), hostile()))
    path = GOLDEN / "all-kinds.md"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding="utf-8", newline="\n")
        pytest.fail(f"{path.name} was written: review it, then run the tests again")
    assert made == path.read_text(encoding="utf-8")


def test_markdown_marks_changes_with_words_and_with_marks_that_close():
    text = as_markdown.render(report(edited()))
    assert "사업비는 모두 1조 {삭제 ~~5,000억~~}{추가 **2,000억**} 원이며" in text
    kinds = [token.type for token in tokens(text)]
    assert kinds.count("s_open") == text.count("{삭제 ")
    assert kinds.count("strong_open") == text.count("{추가 ") + 2


def test_markdown_lets_no_hostile_text_through():
    found = tokens(as_markdown.render(report(hostile())))
    written = {token.content.strip() for token in found if token.type in ("html_inline", "html_block")}
    assert all(re.fullmatch(r"</?details>(\s*<summary>[^<>]*</summary>)?", block) for block in written)
    assert {token.attrs["href"] for token in found if token.type == "link_open"} == {"https://www.korea.kr"}


@given(ANY_TEXT | NASTY)
def test_any_text_is_one_plain_line_of_markdown(text):
    line = as_markdown.line(text)
    assert "\n" not in line
    found = tokens(line)
    assert {token.type for token in found} <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close"}
    rendered = "".join(token.content for token in found if token.type in ("text", "text_special"))
    expected = shown(text).replace("\t", " ⇥ ").replace("\n", " ⏎ ")
    assert rendered.split() == expected.split()


@given(st.lists(st.tuples(st.sampled_from(["keep", "delete", "insert"]), NASTY | ANY_TEXT), max_size=5))
def test_any_changed_words_make_marks_and_nothing_else(runs):
    text = as_markdown.marked(runs, KO)
    found = [token.type for token in tokens(f"> ({'수정'}) {text}")]
    assert found.count("s_open") == sum(tag == "delete" and bool(run) for tag, run in runs)
    assert found.count("strong_open") == sum(tag == "insert" and bool(run) for tag, run in runs)
    assert not {"html_inline", "link_open", "code_inline", "em_open", "image", "fence", "table_open"} & set(found)


def entries(text):
    return ElementTree.fromstring(text).findall(f"{ATOM}entry")


def test_every_atom_element_required_is_there():
    site = SiteChange(
        "policy-news-0a1b", "policy-news", "subtitles", "emptied", "", "2026-09-16T09:00:00+09:00", (9, 10), "held",
        "same-shape", [Member("148930267", 1, 2, "2026-09-16T09:00:00+09:00")],
    )  # fmt: skip
    feed = ElementTree.fromstring(as_atom.render(report(*all_changes(), hostile(), site_changes=(site,))))
    assert len(feed.findall(f"{ATOM}entry")) == len(all_changes()) + 2
    for one in (feed, *feed.findall(f"{ATOM}entry")):
        assert all(one.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
        assert one.findtext(f"{ATOM}author/{ATOM}name")
        assert datetime.fromisoformat(one.findtext(f"{ATOM}updated")).utcoffset() == timedelta(0)
    for entry in feed.findall(f"{ATOM}entry"):
        assert entry.find(f"{ATOM}content").get("type") == "html"
        assert {one.get("href").split(":")[0] for one in entry.findall(f"{ATOM}link")} <= {"https"}


def test_an_atom_entry_can_be_filtered_by_all_that_a_change_is_told_apart_by():
    (entry,) = entries(as_atom.render(report(edited(), lang="en")))
    given = {(one.get("scheme").rpartition(":")[2], one.get("term")) for one in entry.findall(f"{ATOM}category")}
    what, change = edited().comparison, edited()
    assert given == {
        ("section", change.section), ("kind", "edited"), ("weight", what.weight), ("disclosure", what.disclosure),
        *(("label", one) for one in what.labels),
    }  # fmt: skip
    assert all(one.get("label") for one in entry.findall(f"{ATOM}category"))


def test_atom_ids_are_tags_that_stay_when_the_report_is_made_anew():
    first = report(*all_changes())
    again = replace(first, changes=all_changes()[:3], made_at=first.made_at + timedelta(days=9), content_digest="x")
    ids = {one.findtext(f"{ATOM}id") for one in entries(as_atom.render(first))}
    assert "tag:gochim,2026:www.korea.kr/148970001/148970001.2" in ids
    assert len(ids) == 6
    assert {one.findtext(f"{ATOM}id") for one in entries(as_atom.render(again))} < ids


def test_an_atom_entry_is_dated_by_the_first_sight_of_the_new_state():
    text = as_atom.render(report(edited(), removed()))
    assert [one.findtext(f"{ATOM}updated") for one in entries(text)] == [
        records.iso(removed().new_first_seen), records.iso(edited().new_first_seen),
    ]  # fmt: skip
    assert ElementTree.fromstring(text).findtext(f"{ATOM}updated") == records.iso(removed().new_first_seen)
    assert ElementTree.fromstring(as_atom.render(report())).findtext(f"{ATOM}updated") == records.iso(report().until)


def test_atom_content_is_html_that_carries_no_markup_of_the_article():
    content = entries(as_atom.render(report(hostile())))[0].findtext(f"{ATOM}content")
    root = html.fragment_fromstring(content, create_parent="div")
    allowed = {"div", "p", "strong", "b", "time", "h4", "small", "del", "ins", "bdi", "span", "pre"}
    assert {one.tag for one in root.iter()} <= allowed
    assert "<script>alert(3)</script>" in root.text_content()
    assert root.findtext("pre").startswith("gochim diff 'bad\"id <x>' 1 2\n")


def test_an_atom_entry_says_what_its_verdict_rests_on_and_keeps_the_cells_of_a_table():
    words = (("keep", "지역\t신청\n서울\t1"), ("delete", "2"), ("insert", "5"))
    op = Op("replace", "지역\t신청\n서울\t12", "지역\t신청\n서울\t15", words)
    reasons = (records.Reason("none", "title, body"), records.Reason("perhaps", "<b>표를 고쳤습니다."))
    found = Comparison(fields=(FieldChange("body", (op,)),), disclosure="silent", reasons=reasons)
    entry = ElementTree.fromstring(as_atom.render(report(change(comparison=found)))).find(f"{ATOM}entry")
    root = html.fragment_fromstring(entry.findtext(f"{ATOM}content"), create_parent="div")
    assert [[td.text_content() for td in tr] for tr in root.iter("tr")] == [
        ["지역", "신청"],
        ["서울", "1[삭제: 2][추가: 5]"],
    ]
    assert "다만 직접 읽어 볼 문장: “<b>표를 고쳤습니다.”" in root.text_content()


def test_csv_has_a_row_per_change_and_a_column_per_thing_known():
    rows = list(csv.DictReader(io.StringIO(as_csv.render(report(*all_changes())), newline="")))
    assert [row["kind"] for row in rows] == ["restored", "removed", "attachment-replaced", "edited", "moved", "edited"]
    assert rows[3]["labels"].split() == list(edited().comparison.labels)
    assert {row["id"]: row["source"] for row in rows} == {one.id: one.source or "" for one in all_changes()}
    assert rows[3]["summary"] == summary(edited(), KO)
    assert rows[1]["to_version"] == ""
    assert datetime.fromisoformat(rows[3]["old_last_seen"]) == START


@given(ANY_TEXT | NASTY)
def test_csv_alters_nothing_but_what_is_unseen_or_would_run_as_a_formula(text):
    row = next(csv.DictReader(io.StringIO(as_csv.render(report(change(title=text, source="한 곳"))), newline="")))
    text = shown(text)
    runs = text.lstrip(" \t\n")[:1] in tuple("=+-@") or text[:1] in ("\t", "\n")
    assert row["source"] == "한 곳"
    assert row["title"] in ((f"'{text}",) if runs else (text, f"'{text}"))
    if text[:1].isalnum():
        assert row["title"] == text


@pytest.mark.parametrize("render", [as_html.render, as_markdown.render])
def test_one_change_in_one_article_is_no_plural(render: Any):
    both = (change(), replace(change(), id="148970001.3"))
    assert "1 change in 1 article." in render(report(change(), lang="en"))
    assert "2 changes in 1 article." in render(report(*both, lang="en"))
    assert "2 changes in 2 articles." in render(report(change(), removed(), lang="en"))


@pytest.mark.parametrize(
    ("labels", "korean", "english"),
    [
        (("image",), "사진 변경", "Image changed"),
        (("caption", "image"), "사진·사진 설명 변경", "Image and caption changed"),
        (("title", "subtitle", "image"), "제목·부제·사진 변경", "Title, subtitle and image changed"),
    ],
)
def test_places_are_listed_as_each_language_does(labels: Any, korean: str, english: str):
    told = change(comparison=Comparison(labels=labels))
    assert (summary(told, KO), summary(told, EN)) == (korean, english)


def test_json_carries_the_changes_in_the_shape_of_the_contract():
    document = json.loads(as_json.render(report(*all_changes())))
    assert {"made_at", "since", "until", "portal", "counts", "content_digest", "changes"} <= set(document)
    told = {"ko": summary(edited(), Words("ko")), "en": summary(edited(), Words("en"))}
    assert document["changes"][3] == json.loads(json.dumps({**edited().as_json(), "summary": told}))
    assert document["since"] == "2026-09-14T15:00:00.000000+00:00"
    assert json.loads(as_json.render(report(since=None)))["since"] is None


def test_no_character_that_a_terminal_obeys_stands_in_csv_or_json():
    title = "가\x1b[31m나\x9b0m다\x7f\u202e라\u2066\r마"
    found = report(change(title=title))
    for text in (as_csv.render(found).replace("\r\n", "\n"), as_json.render(found)):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert json.loads(as_json.render(found))["changes"][0]["title"] == title
    (row,) = csv.DictReader(io.StringIO(as_csv.render(found), newline=""))
    assert row["title"] == "가⟨U+001B⟩[31m나⟨U+009B⟩0m다⟨U+007F⟩⟨U+202E⟩라⟨U+2066⟩⟨U+000D⟩마"


@pytest.mark.parametrize("ends", ["\x85", "\u2028", "\u2029"])
def test_a_line_end_that_only_some_know_is_kept_in_json_and_ends_no_line(ends: str, capsys: pytest.CaptureFixture[str]):
    title = f"가{ends}나"
    assert json.loads(as_json.render(report(change(title=title))))["changes"][0]["title"] == title
    for style, parse in (("json", json.loads), ("jsonl", lambda text: [json.loads(one) for one in text.splitlines()])):
        printing.records(style, ("title",), [{"title": title}])
        assert parse(capsys.readouterr().out) == [{"title": title}]


def test_json_keeps_half_a_surrogate_pair_as_an_escape():
    assert json.loads(as_json.render(report(hostile())))["changes"][0] == as_json.told(hostile()) | {
        "fields": json.loads(json.dumps(hostile().as_json()["fields"])),
        "facts": json.loads(json.dumps(hostile().as_json()["facts"])),
    }


def test_english_reads_as_english():
    assert summary(edited(), EN).startswith("Title changed; money 1조 5,000억 원→1조 2,000억 원 (20% less); ")
    assert "1 paragraph added" in summary(edited(), EN)
    assert "… 3 paragraphs unchanged …" in as_markdown.render(report(edited(), lang="en"))


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("name", ["as_html", "as_markdown", "as_atom"])
def test_english_says_of_one_what_it_says_of_one_and_of_two_what_it_says_of_two(name, number):
    warmer = Fact("quantity", "5℃", f"{5 + number}℃", 5, 5 + number, 0.2)
    facts = (warmer, *(Fact("number", str(n), str(n + 1), n, n + 1, None) for n in range(2 + number)))
    compared = Comparison(facts=facts, labels=("body", "number", "quantity", "paragraph-added"))
    made = [change(str(148970001 + one), comparison=compared) for one in range(number)]
    module = {"as_html": as_html, "as_markdown": as_markdown, "as_atom": as_atom}[name]
    text = re.sub(r"<[^>]+>|&lt;.*?&gt;", " ", module.render(report(*made, lang="en")))
    assert not re.findall(r"(?<![\d.,:])1 [a-z ]{0,12}(?:changes|articles|values|degrees|paragraphs|looks)\b", text)
    assert not re.findall(r"(?<![\d.,:])2 (?:change|article|value|degree|paragraph|look)\b(?!s)", text)
    assert ("1 degree up" if number == 1 else "2 degrees up") in text
    assert ("1 more value" if number == 1 else "2 more values") in text


@pytest.mark.parametrize(("number", "said"), [(1, "absent in 1 of 1 look"), (2, "absent in 1 of 2 looks")])
def test_the_reader_counts_looks_as_english_does(number, said):
    counted = {"n": number, "s": "" if number == 1 else "s"}
    assert EN.pick(PAGES["state-absent"]).format(absent=1, **counted) == said
    assert EN.pick(PAGES["state-looks"]).format(**counted) == said.rpartition("of ")[2]
