"""The report page says what changed and carries none of an article's markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from diffing.reports import as_html, as_markdown
from diffing.reports.view import FACTS_UNFOLDED
from diffing.reports.visible import shown
from storage.records import KST, Change, Comparison, Fact, FieldChange, Op, Reason
from tests.report_samples import (
    BAD_TITLE,
    all_changes,
    change,
    edited,
    hostile,
    keep,
    many,
    removed,
    report,
    restored,
)

ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
NASTY = st.text(st.sampled_from("<>&\"'[]()*_~`#|!-+=.1\\{}$@: \n\t\r\x00\u202e\u00a0가나ab;"), max_size=40)


def page(*changes: Change, **rest: object):
    return html.document_fromstring(as_html.render(report(*changes, **rest)))


def said(element):
    """The text of an element with its white space made plain, as a reader meets it."""
    return " ".join(element.text_content().replace("\u2060", "").split())


def test_the_page_needs_nothing_but_itself():
    root = page(*all_changes(), hostile())
    assert not root.xpath("//script | //iframe | //object | //embed | //img | //form | //base | //style[@src]")
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on") or name in ("src", "style")]
    style = root.findtext(".//style")
    assert "url(" not in style
    assert "@import" not in style
    addresses = [(one.tag, one.get("href")) for one in root.xpath("//*[@href]")]
    assert {urlsplit(address).scheme for tag, address in addresses if tag == "a"} <= {"https", ""}
    assert [address for tag, address in addresses if tag != "a"] == ["data:,"]


def test_the_page_has_one_heading_of_the_first_rank_and_skips_no_rank():
    ranks = [int(one.tag[1]) for one in page(*all_changes(), hostile()).xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert ranks.count(1) == 1
    assert ranks[0] == 1
    assert all(lower - upper <= 1 for upper, lower in pairwise(ranks))


def test_every_fragment_link_leads_somewhere():
    root = page(*all_changes(), hostile())
    ids = [one.get("id") for one in root.xpath("//*[@id]")]
    assert len(ids) == len(set(ids))
    assert {one.get("href")[1:] for one in root.xpath("//a[starts-with(@href, '#')]")} <= set(ids)
    assert {name for one in root.xpath("//*[@aria-labelledby]") for name in one.get("aria-labelledby").split()} <= set(
        ids
    )


def test_the_skip_link_comes_first():
    first = page(edited()).xpath("//body//a")[0]
    assert (first.get("class"), first.get("href")) == ("skip", "#changes")


@pytest.mark.parametrize(("lang", "heading"), [("ko", "발행한 뒤 바뀐 글"), ("en", "Changed after publication")])
def test_the_page_says_its_language_and_quotes_in_korean(lang, heading):
    root = page(edited(), lang=lang)
    assert root.get("lang") == lang
    assert said(root.find(".//h1")) == heading
    assert root.xpath("//h3//bdi/@lang") == ["ko"]


def test_changes_stand_by_weight_and_the_cosmetic_ones_are_folded():
    root = page(*all_changes())
    kinds = [said(one) for one in root.xpath("//article//p[contains(@class, 'kind')]")]
    assert kinds == ["복원", "삭제", "첨부 교체", "수정", "이동", "수정"]
    assert [said(one) for one in root.xpath("//section[@class='weight']/h2")] == [
        "내용 변경 4",
        "표현 변경 1",
        "형식 변경 1",
    ]
    assert len(root.xpath("//details[@class='fold']//article")) == 1
    assert not root.xpath("//details[@open]")


def test_an_article_states_what_where_and_whether_readers_were_told():
    one = page(edited()).find(".//article")
    assert said(one.find(".//h3")) == "지역 돌봄센터 확충에 1조 2,000억 원 투입"
    assert one.find(".//h3/a").get("href") == "https://www.korea.kr/news/policyNewsView.do?newsId=148970001"
    assert [said(p) for p in one.xpath("div[@class='meta']/p")] == [
        "수정", "정책뉴스", "보건복지부", "내용 변경", "알림 없는 수정",
    ]  # fmt: skip
    assert not one.xpath(".//p[contains(@class, 'why')]")
    assert "문단 삭제 paragraph-removed" in [said(li) for li in one.xpath(".//ul[@class='labels']/li")]


@pytest.mark.parametrize(
    ("made", "stated"),
    [
        (
            edited(),
            "이전 내용은 2026-09-15 18:16:48 (KST)에 마지막으로, 바뀐 내용은 2026-09-15 21:28:48 (KST)에 처음 확인"
            "(간격 3시간 12분). 그 사이 확인하지 못한 조회 2회.",
        ),
        (
            removed(),
            "글이 있는 것은 2026-09-15 18:16:48 (KST)에 마지막으로, 없는 것은 2026-09-17 00:28:48 (KST)에 처음 확인"
            "(간격 1일 6시간). 그 사이 확인하지 못한 조회 3회.",
        ),
        (
            restored(),
            "글이 없는 것은 2026-09-15 18:16:48 (KST)에 마지막으로, 다시 있는 것은 2026-09-18 00:28:48 (KST)에 "
            "처음 확인(간격 2일 6시간). 그 사이 확인하지 못한 조회는 없음.",
        ),
    ],
)
def test_a_change_is_placed_between_two_looks_and_never_at_a_time(made, stated):
    assert said(page(made).xpath("//p[@class='interval']")[0]) == stated
    assert stated in as_markdown.render(report(made))


def test_what_a_verdict_rests_on_stands_with_the_change_and_quotes_what_is_like_a_notice():
    near = [Reason("perhaps", one) for one in ("※ 신청 기간이 변경되었습니다.", "누리집 오류를 수정하였습니다.")]
    made = edited()
    made = replace(made, comparison=replace(made.comparison, reasons=(Reason("none", "title, body"), *near)))
    one = page(made).find(".//article")
    assert said(one.xpath("div[@class='meta']/p[contains(@class, 'notice')]")[0]) == "알림 없는 수정"
    assert [said(p) for p in one.xpath("div[@class='told']/p[contains(@class, 'why')]")] == [
        "알림 없는 수정: 제목·부제·본문·첨부파일 이름에 고침을 알리는 말이 없음; 다만 직접 읽어 볼 문장: "
        "“※ 신청 기간이 변경되었습니다.” “누리집 오류를 수정하였습니다.”"
    ]


def test_english_words_are_not_read_aloud_as_korean():
    told = page(*all_changes(), lang="en")
    assert told.xpath("//p[@class='summary']/bdi")
    assert not told.xpath("//p[@class='summary']/bdi[@lang] | //p[contains(@class, 'why')]/bdi[@lang]")
    assert not told.xpath("//nav//span[@class='muted']/bdi[@lang]")
    assert {one.get("lang") for one in told.xpath("//h3//bdi")} == {"ko"}


def test_what_an_article_says_is_read_aloud_as_korean_and_the_words_between_it_are_not():
    told = page(*all_changes(), lang="en")
    changed = told.xpath("//article//del | //article//ins")
    assert changed
    assert {one.xpath("string(ancestor::*[@lang][1]/@lang)") for one in changed} == {"ko"}
    assert {one.get("lang") for one in told.xpath("//article//span[@class='unseen'][contains(., ':')]")} == {"en"}


@pytest.mark.parametrize("number", [FACTS_UNFOLDED, FACTS_UNFOLDED + 1])
def test_a_long_table_of_values_is_folded(number):
    facts = tuple(Fact("number", str(n), str(n + 1), n, n + 1, None) for n in range(number))
    root = page(change(comparison=Comparison(facts=facts, labels=("number",), weight="substance")))
    assert len(root.xpath("//table[@class='facts']/tbody/tr")) == number
    folded = root.xpath("//details[@class='values'][table[@class='facts']]/summary")
    assert [said(one) for one in folded] == ([f"바뀐 값 {number}"] if number > FACTS_UNFOLDED else [])


def test_a_single_change_has_no_table_of_counts():
    assert not page(edited()).xpath("//table[@class='counts']")
    assert page(edited(), removed()).xpath("//table[@class='counts']")


def test_a_licence_is_named_by_what_it_allows():
    one = FieldChange("licence", (Op("replace", "KOGL-1", "KOGL-4"),))
    for lang, names in (
        ("ko", ("공공누리 제1유형(출처표시)", "공공누리 제4유형(출처표시, 상업적 이용금지, 변경금지)")),
        ("en", ("KOGL type 1 (attribution)", "KOGL type 4 (attribution, no commercial use, no derivatives)")),
    ):
        root = page(change(comparison=Comparison(fields=(one,), labels=("licence",), weight="substance")), lang=lang)
        step = root.xpath("//section[@class='field']//p[@class='said']")[0]
        assert (said(step.find(".//del")), said(step.find(".//ins"))) == names


def test_kept_paragraphs_fold_to_one_line_beside_a_change():
    body = page(edited()).xpath("//section[@class='field'][h4='본문']")[0]
    lines = [(one.get("class").replace("step ", ""), said(one)) for one in body.xpath("p | div")]
    assert [kind for kind, _ in lines] == [
        "same", "context", "replace", "delete", "context", "context", "context", "move", "insert", "context",
    ]  # fmt: skip
    assert lines[0][1] == "… 3문단 같음 …"
    assert lines[7][1] == "이동 7번째에서 10번째로 문의는 보건복지부 돌봄정책과로 하면 된다."


def test_words_that_stay_while_their_kind_of_paragraph_differs_are_said_to():
    heading = Op("replace", "지원 대상", "지원 대상", (("keep", "지원 대상"),))
    made = change(comparison=Comparison(fields=(FieldChange("body", (heading,)),)))
    told = "수정 글은 그대로, 문단의 종류(소제목·목록 등)만 바뀜"
    (step,) = page(made).xpath("//div[@class='step replace']")
    assert said(step) == f"{told} 지원 대상"
    assert said(page(made).xpath("//td[@data-side='이전']")[0]) == f"{told} 지원 대상"


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (4, 4, ["same", "context", "delete", "context", "same"]),
        (2, 2, ["context", "context", "delete", "context", "context"]),
        (0, 3, ["delete", "context", "same"]),
    ],
)
def test_kept_paragraphs_fold_at_both_ends_and_a_single_one_does_not(before, after, kinds):
    ops = (*(keep("앞"),) * before, Op("delete", "가운데", None), *(keep("뒤"),) * after)
    root = page(change(comparison=Comparison(fields=(FieldChange("body", ops),))))
    lines = root.xpath("//section[@class='field']/*[self::p or self::div]")
    assert [one.get("class").replace("step ", "") for one in lines] == kinds


def test_a_long_kept_paragraph_is_cut_to_one_line():
    ops = (keep("가나 " * 400), Op("delete", "다", None))
    context = page(change(comparison=Comparison(fields=(FieldChange("body", ops),)))).xpath(
        "//p[@class='step context']"
    )
    assert len(said(context[0])) <= 90
    assert said(context[0]).endswith("…")


def test_changed_words_are_marked_with_elements_and_words():
    step = page(edited()).xpath("//div[@class='step replace']")[1]
    assert step.xpath(".//del/text()") == ["5,000억", "320개소를", "연다."]
    assert step.xpath(".//ins/text()") == ["2,000억", "280개소를", "여는 방안을 검토한다."]
    assert "[삭제: 5,000억][추가: 2,000억]" in said(step)


def test_old_and_new_stand_side_by_side():
    rows = page(edited()).xpath("//details[@class='beside']//tr[td[@data-side]]")
    old, new = (said(cell) for cell in rows[1].xpath("td"))
    assert "[삭제: 320개소를]" in old
    assert "280개소" not in old
    assert "[추가: 280개소를]" in new
    assert "320개소" not in new


def test_facts_stand_in_a_table_with_their_difference():
    rows = page(edited()).xpath("//table[@class='facts']/tbody/tr")
    assert [[said(cell) for cell in row] for row in rows] == [
        ["금액", "[삭제: 1조 5,000억 원]", "[추가: 1조 2,000억 원]", "20% 감소"],
        ["수량", "[삭제: 320개소]", "[추가: 280개소]", "12.5% 감소"],
    ]


def test_evidence_of_both_states_stands_beside_the_commands():
    block = page(edited()).xpath("//details[@class='evidence']")[0]
    assert block.xpath("pre/code/text()") == [
        "gochim diff 148970001 1 2", "gochim show 148970001 --version 1", "gochim show 148970001 --version 2",
    ]  # fmt: skip
    old, new = (said(one) for one in block.xpath("div[@class='records']/div"))
    assert "warc/gochim-20260915-00000.warc.gz" in old
    assert "1,048,576바이트" in old
    assert "<urn:uuid:6f0d2c3e-0000-4000-8000-000000000003>" in new
    assert "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ" in new


def test_a_removed_article_has_no_version_to_compare_with():
    block = page(removed()).find(".//article")
    assert block.xpath(".//pre/code/text()") == ["gochim history 156730002", "gochim show 156730002 --version 1"]
    assert "글이 있었는지만 기록했습니다" in said(block)
    assert "글의 내용은 이전과 같습니다" in said(page(restored()).find(".//article"))


def test_the_overview_counts_by_section_source_and_weight():
    table = page(*all_changes()).xpath("//table[@class='counts']")[0]
    rows = [[said(cell) for cell in row] for row in table.xpath("tbody/tr")]
    assert rows == [
        ["보도자료"], ["산림청", "2", "0", "0", "2"], ["국토교통부", "1", "0", "0", "1"],
        ["정책뉴스"], ["보건복지부", "1", "0", "0", "1"], ["행정안전부", "0", "0", "1", "1"],
        ["사실은 이렇습니다"], ["기후에너지환경부", "0", "1", "0", "1"],
    ]  # fmt: skip


@pytest.mark.parametrize(("n", "lists"), [(5, 0), (6, 1)])
def test_a_long_report_opens_with_a_list(n, lists):
    navs = page(*many(n)).xpath("//nav")
    assert len(navs) == lists
    assert sum(len(nav.xpath(".//li")) for nav in navs) == n * lists


def test_the_list_names_an_article_once_however_often_it_changed():
    often = [
        change("148930011", n, Comparison(weight="wording"), id=f"148930011.{n}", title="세 번 고친 글")
        for n in (1, 2, 3)
    ]
    nav = page(*many(5), *often).xpath("//nav")[0]
    assert len(nav.xpath("./ol/li")) == 6
    assert [said(one) for one in nav.xpath(".//a")].count("세 번 고친 글") == 1
    assert said(nav.xpath(".//summary")[0]) == "이 글의 다른 변경 2건"
    anchors = {one.get("href").lstrip("#") for one in nav.xpath(".//a")}
    assert {f"change-{one.id}" for one in often} <= anchors


def test_an_empty_report_says_so():
    root = page()
    assert said(root.find(".//h2")) == "이 기간에 확인된 변경이 없습니다."
    assert not root.xpath("//table")
    assert "이 기간에 확인된 변경이 없습니다" in as_markdown.render(report())


def test_the_header_says_the_period_and_the_footer_what_cannot_be_known():
    root = page(edited())
    assert "2026년 9월 15일 – 2026년 9월 21일" in said(root.find(".//header"))
    foot = said(root.find(".//footer"))
    assert "두 조회 사이에 바뀌었다가 되돌아온 변경은 보이지 않습니다." in foot
    assert report().content_digest in foot
    assert "gochim 0.1.0" in foot
    assert "수집4,812 글1,203 판1,262 변경59 첨부파일731" in foot
    assert "처음 – 2026년 9월 22일 07:30 (KST)" in said(page(since=None, until=None).find(".//header"))
    header = said(page(since=datetime(2026, 12, 1, tzinfo=KST), until=None).find(".//header"))
    assert "2026년 12월 1일" in header
    assert "–" not in header


def test_the_frame_is_escaped_like_the_articles():
    root = page(
        edited(),
        portal="https://www.korea.kr/?a=1&lt=<b>\"' onclick='x'",
        software="<u>gochim</u>",
        content_digest="<u>",
        footnotes=("<u>덧</u>붙임",),
    )
    assert not root.xpath("//u | //header//b | //*[@onclick]")
    assert "<u>덧</u>붙임" in said(root.find(".//footer"))
    address = root.xpath("//header//a")[0].get("href")
    assert address == "https://www.korea.kr/?a=1&lt=%3Cb%3E%22'%20onclick='x'"


def test_hostile_text_stays_text():
    root = page(hostile())
    assert said(root.find(".//h3")) == " ".join(BAD_TITLE.replace("\u202e", "U+202E").replace("\x00", "U+0000").split())
    assert not root.xpath("//h3//a")
    assert not root.xpath("//b[.='굵게'] | //i")
    assert "</p><script>alert(3)</script>U+202E" in said(root.xpath("//div[@class='step replace']")[0])


@given(ANY_TEXT | NASTY)
def test_any_text_comes_back_out_of_the_page_as_it_was(text):
    found = Comparison(fields=(FieldChange("body", (Op("replace", text, "x", (("keep", text), ("insert", "x"))),)),))
    (step,) = page(change(comparison=found)).xpath("//div[@class='step replace']")
    rows = [[cell.text_content() for cell in row.xpath("td")] for row in step.xpath("div[@class='grid']//tr")]
    told = "\n".join("\t".join(row) for row in rows) if rows else step.xpath("p[@class='said']/bdi")[0].text_content()
    assert told == shown(text, lambda name: name) + "[추가: x]"


@pytest.mark.parametrize(
    ("run", "printed"),
    [(" ", "␣"), ("  ", "␣␣"), ("\u00a0", "U+00A0"), ("\n", "⏎"), ("\u1100\u1161", "\u1100\u1161NFD"), ("각 ", "각 ")],
)
def test_a_change_of_what_cannot_be_seen_is_seen(run, printed):
    found = Comparison(fields=(FieldChange("body", (Op("replace", run, "", (("delete", run),)),)),))
    root = page(change(comparison=found))
    assert root.xpath("//div[@class='step replace']//del")[0].text_content() == printed


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "paper"), ("muted", "paper"), ("accent", "paper"), ("link", "paper"), ("move", "paper"),
        ("ins", "paper"), ("del", "paper"), ("ins", "ins-paper"), ("del", "del-paper"), ("ink", "panel"),
        ("accent", "ins-paper"), ("accent", "del-paper"),
    ],
)  # fmt: skip
def test_every_colour_of_text_has_the_contrast_wcag_asks_for(scheme, ink, ground):
    style = page().findtext(".//style")
    # each block of colours: ":root { ... --ink: #1d1b18; ... }"
    blocks = [block for block in re.findall(r":root \{([^}]*)\}", style) if "--paper" in block]
    names = re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", blocks[scheme])
    colours = {name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:]) for name, value in names}
    light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
