"""The same change in nearly all articles of a section is the site's and not theirs: held, told once, no edit lost."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from cli import comparing, drift, holdings
from cli.dossier import verify
from cli.main import gochim
from crawler.portal import Portal
from diffing.drift import Shape, admits, shapes, shrinks
from diffing.reports.phrases import Words
from diffing.reports.site import site_line
from diffing.templated import shared
from replica.exchange import Answer
from storage import changes, contents, judgements, looks, runs, site_changes
from storage.change_query import Query
from storage.errors import SettingsError
from storage.records import Article, Attachment, Block, Image, Link, Run
from tests.drill import Drill
from tests.makers import PORTAL, RUN, archive_at, article, at, capture, evidence, file_readings, filed, readings

BADGE = "이 글은 새로 단장한 누리집으로 옮겨 실은 것이다."
PARAGRAPHS = tuple(
    f"{what} 사업을 올해부터 넓혀 간다고 밝혔다." for what in ("보육", "교통", "문화", "산림", "어업", "관광")
)


def state(number: int, **changed: Any) -> Article:
    """Make an article that says what no other does."""
    given = {
        "title": f"{number}번째 마을 도서관이 문을 연다",
        "subtitles": (f"{number}월부터 시작",),
        "source": ("문화체육관광부", "환경부", "국토교통부")[number % 3],
        "source_code": None,
        "body": tuple(Block("paragraph", f"{number}번 마을의 {one}") for one in PARAGRAPHS),
    }
    return article(name=str(148_000_000 + number), **(given | changed))


class Site:
    """An archive whose articles are read again and again, one run a day."""

    def __init__(self, root: Path, number: int = 10, made: Callable[[int], Article] = state) -> None:
        self.archive, self.db = archive_at(root)
        self.portal = Portal(PORTAL)
        self.said = {one: made(one) for one in range(number)}
        self.runs = 0
        self.look()

    def look(self, hours: float = 24, only: Any = None) -> list[str]:
        """Read the articles in a run of its own and bring everything up to date; give the ids of new changes."""
        self.clock = 0.0 if self.runs == 0 else self.clock + hours
        self.runs += 1
        moment = at(self.clock)
        run = replace(RUN, run=f"20260915T090000Z-{self.runs:04d}", started_at=moment, finish="finished")
        with self.db:
            runs.add(self.db, run)
            judgements.judge_from(self.db, run.run)
            for one in self.said if only is None else only:
                self._read(run, self.clock + one / 3600, self.said[one])
        return self.catch_up()

    def _read(self, run: Run, hours: float, said: Article) -> None:
        where = evidence(at(hours), said.article)._replace(warc=f"warc/{run.run}.warc.gz")
        found = filed(self.db, capture(at(hours), said.article, run=run.run, evidence=where))
        reading = SimpleNamespace(capture=found, outcome="read", article=said, layout="MadeLayout", extractor="made:1")
        file_readings(self.db, said.article, [reading])  # type: ignore[list-item]
        looks.mark_read(self.db, said.article)
        judgements.compare(self.db, said.article)

    def catch_up(self) -> list[str]:
        told = {row["id"] for row in self.db.execute("SELECT id FROM changes")}
        if site_changes.looks_from(self.db) is not None:
            drift.catch_up(self.db)
        found: list[str] = []
        for name, anew in judgements.to_compare(self.db):
            with self.db:
                found += comparing.file(self.db, comparing.compared(self.db, name, anew=anew))
        return [one for one in found if one not in told]

    def all(self, edit: Callable[[Article], Article]) -> None:
        self.said = {number: edit(one) for number, one in self.said.items()}

    def edit(self, number: int, old: str, new: str) -> None:
        body = tuple(replace(one, text=one.text.replace(old, new)) for one in self.said[number].body)
        self.said[number] = replace(self.said[number], body=body)

    @property
    def found(self) -> list[site_changes.SiteChange]:
        return site_changes.all_of(self.db)

    def words(self) -> list[tuple[str, str]]:
        """Give the words taken out and put in by every filed change."""
        return [
            ("".join(text for tag, text in op.words if tag == "delete"),
             "".join(text for tag, text in op.words if tag == "insert"))
            for change in changes.find(self.db, Query())
            for one in change.comparison.fields for op in one.ops if op.op != "keep"
        ]  # fmt: skip


@pytest.fixture
def site(tmp_path: Path):
    made = Site(tmp_path)
    with closing(made.db):
        yield made


def badge_last(one: Article) -> Article:
    return replace(one, body=(*one.body, Block("paragraph", BADGE)))


TEMPLATES: dict[str, tuple[Callable[[Article], Article], Shape]] = {
    "a paragraph at the end": (badge_last, Shape("body", "added", BADGE)),
    "a paragraph at the head": (
        lambda one: replace(one, body=(Block("paragraph", BADGE), *one.body)), Shape("body", "added", BADGE),
    ),
    "no subtitle": (lambda one: replace(one, subtitles=()), Shape("subtitles", "emptied")),
    "no source": (lambda one: replace(one, source=None), Shape("source", "emptied")),
    "words behind the title": (
        lambda one: replace(one, title=one.title + " | 정책브리핑"), Shape("title", "ended-with", " | 정책브리핑"),
    ),
    "words before each lead": (
        lambda one: replace(one, body=(replace(one.body[0], text="(알림) " + one.body[0].text), *one.body[1:])),
        Shape("body", "begun-with", "(알림) "),
    ),
    "the first paragraph alone": (lambda one: replace(one, body=one.body[:1]), Shape("body", "cut")),
    "no body": (lambda one: replace(one, body=()), Shape("body", "emptied")),
    "a file offered everywhere": (
        lambda one: replace(one, attachments=(*one.attachments, Attachment("197", "이용 안내.pdf"))),
        Shape("attachments", "filled"),
    ),
    "words that lead somewhere": (
        lambda one: replace(one, links=(Link("사업", "https://www.korea.kr/policy"),)), Shape("links", "filled"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_template_does_everywhere_is_told_once_and_is_no_edit(site: Site, name: str):
    edit, shape = TEMPLATES[name]
    site.all(edit)
    assert site.look() == []
    (one,) = site.found
    assert (one.section, one.field, one.what, one.text) == ("policy-news", shape.field, shape.what, shape.text)
    assert (one.verdict, one.because, one.share, len(one.members)) == ("held", "same-shape", (10, 10), 10)
    assert site.db.execute("SELECT count(*) FROM versions").fetchone()[0] == 20


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_article_edited_in_the_same_moment_shows_its_own_edit_alone(site: Site, name: str):
    site.edit(3, "보육 사업을", "보육 사업 열두 곳을")
    site.all(TEMPLATES[name][0])
    found = site.look()
    if name == "no body":  # What the page does not say, nobody can know.
        assert found == []
        return
    assert found == [f"{148_000_003}.1"]
    assert site.words() == [("을", " 열두 곳을")] or site.words() == [("", " 열두 곳")]


def test_what_a_template_adds_to_all_addresses_is_no_edit_and_another_address_is_one(tmp_path: Path):
    made = Site(tmp_path, made=lambda one: state(one, links=(Link("사업", f"https://www.korea.kr/{one}"),)))
    with closing(made.db):
        for one, said in made.said.items():
            made.said[one] = replace(said, links=(Link("사업", f"https://www.korea.kr/{one}?from=new"),))
        assert made.look() == []
        assert [(one.field, one.what, one.text) for one in made.found] == [("links", "renumbered", "\t?from=new")]
        made.said[3] = replace(made.said[3], links=(Link("사업", "https://www.example.org/"),))
        (change,) = made.look()
        (told,) = changes.find(made.db, Query(ids=[change]))
        assert (told.comparison.labels, told.comparison.weight) == (("link",), "substance")


def test_an_article_that_goes_to_another_section_meanwhile_is_moved_with_all_that_differs(site: Site):
    site.all(badge_last)
    site.said[5] = replace(site.said[5], section="briefing", url=f"{PORTAL}/briefing/policyBriefingView.do?newsId=5")
    (told,) = site.look()
    (moved,) = changes.find(site.db, Query())
    assert (moved.id, moved.kind, moved.article) == (told, "moved", site.said[5].article)
    assert "body" in {one.field for one in moved.comparison.fields}
    assert [len(one.members) for one in site.found] == [9]


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_comes_back_is_no_edit_and_an_edit_made_meanwhile_is_one(site: Site, name: str):
    before = dict(site.said)
    site.all(TEMPLATES[name][0])
    site.look()
    site.said = before
    site.edit(4, "보육 사업을", "보육 사업 열두 곳을")
    assert site.look() == [f"{148_000_004}.2"]
    assert [one.what for one in site.found] == [TEMPLATES[name][1].what, TEMPLATES[name][1].opposite.what]
    assert site.words() in ([("을", " 열두 곳을")], [("", " 열두 곳")])


LOSSES = [name for name, (_, shape) in TEMPLATES.items() if shape.is_loss]


@pytest.mark.parametrize("name", LOSSES)
def test_what_the_site_took_comes_back_in_one_article_alone_and_is_no_edit(site: Site, name: str):
    before = dict(site.said)
    site.all(TEMPLATES[name][0])
    site.look()
    site.said[4] = before[4]
    assert site.look() == []
    site.said[5] = before[5]
    site.edit(5, "보육 사업을", "보육 사업 열두 곳을")
    assert site.look() == [f"{148_000_005}.2"]
    assert site.words() in ([("을", " 열두 곳을")], [("", " 열두 곳")])
    assert [one.what for one in site.found] == [TEMPLATES[name][1].what]


def test_what_came_back_after_the_site_took_it_and_goes_again_is_the_articles_own(site: Site):
    before = dict(site.said)
    site.all(lambda one: replace(one, subtitles=()))
    site.look()
    site.said[4] = before[4]
    site.look()
    site.said[4] = replace(before[4], subtitles=())
    assert site.look() == [f"{148_000_004}.3"]
    site.said[4] = before[4]
    assert site.look() == [f"{148_000_004}.4"]


def test_what_comes_back_after_a_loss_that_counts_as_edits_is_an_edit(site: Site):
    before = dict(site.said)
    site.all(lambda one: replace(one, subtitles=()))
    site.look()
    (one,) = site.found
    site_changes.say(site.db, site_changes.word_fields(one, "edits", at(site.clock)))
    site.said[4] = before[4]
    assert f"{148_000_004}.2" in site.look()


def test_a_renaming_of_a_ministry_in_every_article_is_a_campaign_of_edits(tmp_path: Path):
    site = Site(tmp_path)
    with closing(site.db):
        site.all(lambda one: replace(one, body=(*one.body, Block("paragraph", "문의: 기획재정부 대변인실"))))
        site.runs, site.clock = 1, 0.0
        site.look()
        site.all(
            lambda one: replace(
                one, body=tuple(replace(b, text=b.text.replace("기획재정부", "재정경제부")) for b in one.body)
            )
        )
        assert len(site.look()) == 10
        assert {one.what for one in site.found} == {"added"}


def test_a_correction_notice_in_a_third_of_the_articles_is_a_third_of_edits(site: Site):
    for number in (0, 3, 6, 9):
        site.said[number] = badge_last(site.said[number])
    assert len(site.look()) == 4
    assert site.found == []


def with_file(one: Article) -> Article:
    return replace(one, attachments=(Attachment(one.article, f"{one.title}.hwpx"),))


def test_the_files_of_some_that_come_later_than_their_articles_are_edits_where_others_had_theirs(tmp_path: Path):
    """A ministry publishes in the morning what it attaches files to at noon; the portal showed files all along."""
    site = Site(tmp_path, 20)
    with closing(site.db):
        site.said = {number: with_file(one) if number < 14 else one for number, one in site.said.items()}
        assert len(site.look()) == 14
        site.all(with_file)
        assert len(site.look(hours=48)) == 6
        assert site.found == []


def test_what_is_undone_is_measured_only_where_it_was_done(tmp_path: Path):
    site = Site(tmp_path, 6)
    with closing(site.db):
        site.all(with_file)
        assert site.look() == []
        site.said |= {number: with_file(state(number)) for number in range(6, 15)}
        site.look(hours=48)
        site.said |= {number: state(number) for number in range(6, 12)}
        assert len(site.look(hours=48, only=(0, *range(6, 15)))) == 6
        assert [one.what for one in site.found] == ["filled"]


def test_what_goes_from_all_that_had_it_and_comes_back_is_the_sites_though_others_never_had_it(tmp_path: Path):
    site = Site(tmp_path, 20, lambda number: state(number, author="박지은" if number < 8 else None))
    with closing(site.db):
        before = site.said
        site.all(lambda one: replace(one, author=None))
        assert site.look() == []
        site.said = before
        assert site.look(hours=48) == []
        assert [(one.field, one.what, len(one.members)) for one in site.found] == [
            ("author", "emptied", 8),
            ("author", "filled", 8),
        ]


def test_four_articles_say_nothing_of_the_site(tmp_path: Path):
    site = Site(tmp_path, 4)
    with closing(site.db):
        site.all(badge_last)
        assert len(site.look()) == 4
        assert site.found == []


def test_small_runs_of_one_day_are_taken_together_and_what_was_told_as_edits_is_held(site: Site):
    site.all(badge_last)
    assert len(site.look(only=range(4))) == 4
    assert site.look(hours=2, only=range(4, 10)) == []
    (one,) = site.found
    assert one.share == (10, 10)
    assert changes.find(site.db, Query()) == []


def test_an_article_that_is_looked_at_weeks_later_belongs_to_the_site_change(site: Site):
    site.all(badge_last)
    site.look(only=range(8))
    site.edit(9, "보육 사업을", "보육 사업 열두 곳을")
    assert site.look(hours=500, only=(8, 9)) == [f"{148_000_009}.1"]
    (one,) = site.found
    assert [member.article[-1] for member in one.members] == list("0123456789")
    assert site.words() in ([("을", " 열두 곳을")], [("", " 열두 곳")])


def test_a_loss_after_the_site_change_is_the_articles_own(site: Site):
    site.all(badge_last)
    site.look()
    site.said[2] = state(2)
    assert site.look() == [f"{148_000_002}.2"]


def test_what_the_publisher_says_it_edited_is_edits(site: Site):
    notice = Block("paragraph", "※ 2026년 9월 16일 통계를 정정하였습니다.")
    site.all(lambda one: replace(one, body=(*one.body, notice)))
    assert len(site.look()) == 10
    (one,) = site.found
    assert (one.verdict, one.because) == ("edits", "publisher")


def test_a_person_releases_a_site_change_and_the_archive_remembers_it(site: Site, tmp_path: Path):
    site.all(badge_last)
    site.look()
    (one,) = site.found
    digest = contents.content_digest(site.db)
    path = drift.write_word(site.archive, one, "edits")
    holdings.index(site.db, path, site.archive, site.portal)
    assert len(site.catch_up()) == 10
    assert [(one.verdict, one.because) for one in site.found] == [("edits", "person")]
    path = drift.write_word(site.archive, one, "held")
    holdings.index(site.db, path, site.archive, site.portal)
    assert site.catch_up() == []
    assert contents.content_digest(site.db) == digest


def test_everything_is_found_again_from_the_versions_in_one_go(site: Site):
    site.all(badge_last)
    site.edit(3, "보육", "보육과 교육")
    site.look(only=range(4))
    site.look(hours=2, only=range(4, 9))
    site.all(lambda one: replace(one, body=one.body[:1]))
    site.look(hours=100)
    site.look(hours=90)
    before = contents.content_digest(site.db), site.found
    with site.db:
        site.db.execute("DELETE FROM site_changes")
        site.db.execute("DELETE FROM changes")
        site.db.execute("INSERT INTO about VALUES ('drift-from', '')")
        for one in site.said.values():
            judgements.compare(site.db, one.article, anew=True)
    site.catch_up()
    assert (contents.content_digest(site.db), site.found) == before


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_shape_done_to_the_old_state_gives_the_new_one(name: str):
    edit, _ = TEMPLATES[name]
    old = state(1)
    new = edit(old)
    (shape,) = shapes(old, new)
    assert shared(shape, old, new, None) == new
    (back,) = shapes(new, old)
    assert back == shape.opposite
    assert shared(back, new, old, old) == old


@pytest.mark.parametrize(
    ("shape", "changed", "admitted"),
    [
        (Shape("source", "filled"), {}, False),
        (Shape("source", "filled"), {"source": None}, True),
        (Shape("source", "emptied"), {"source": None}, False),
        (Shape("body", "cut"), {}, True),
        (Shape("body", "cut"), {"body": (Block("paragraph", "한 문단"),)}, False),
        (Shape("body", "added", "1번 마을의 새 문단"), {}, True),
        (Shape("body", "added", f"1번 마을의 {PARAGRAPHS[3]}"), {}, False),
        (Shape("body", "removed", f"1번 마을의 {PARAGRAPHS[3]}"), {}, True),
        (Shape("body", "removed", "1번 마을의 새 문단"), {}, False),
        (Shape("body", "not-ended-with", PARAGRAPHS[3]), {}, True),
        (Shape("body", "not-begun-with", PARAGRAPHS[3]), {}, False),
        (Shape("subtitles", "not-begun-with", "1월"), {"subtitles": ("하나", "1월부터")}, True),
        (Shape("title", "not-ended-with", "연다"), {}, True),
        (Shape("author", "not-ended-with", "기자"), {}, False),
        (Shape("body:table", "emptied"), {}, False),
        (Shape("body:table", "filled"), {}, True),
        (Shape("body:paragraph", "filled"), {}, False),
    ],
)
def test_a_shape_could_happen_only_to_what_stands_so(shape: Shape, changed: dict[str, Any], admitted: bool):
    assert admits(shape, state(1, **changed)) == admitted


@pytest.mark.parametrize(
    ("before", "after", "shrunken"),
    [
        (["가"] * 5, ["가"], True),
        (["가"] * 5, ["가"] * 2, False),
        (["가"] * 4, ["가"], False),
        (["가" * 150] * 2, ["가" * 15] * 2, True),
        (["가" * 150] * 2, ["가" * 15, "가" * 16], False),
        (["가" * 149, "가" * 150], ["가"], False),
        (["가" * 150] * 5, ["이 글은 작성자의 요청으로 비공개로 돌렸다."], False),
    ],
)
def test_an_article_shrinks_when_nearly_all_is_gone_and_no_word_says_why(before, after, shrunken):
    old, new = (state(1, body=tuple(Block("paragraph", one) for one in said)) for said in (before, after))
    assert shrinks(old, new) == shrunken


@pytest.mark.parametrize("kind", ["table", "caption"])
def test_blocks_of_a_kind_that_go_everywhere_and_come_back_are_no_edits(tmp_path: Path, kind: Any):
    site = Site(tmp_path)
    with closing(site.db):
        site.said = {
            number: replace(one, body=(*one.body[:2], Block(kind, f"{number}번의 표\t{number}"), *one.body[2:]))
            for number, one in site.said.items()
        }
        site.runs = 1
        site.look()
        with site.db:
            site.db.execute("DELETE FROM changes")
        full = dict(site.said)
        site.all(lambda one: replace(one, body=tuple(block for block in one.body if block.kind != kind)))
        assert site.look() == []
        site.said = full
        site.edit(5, "표", "표 둘")
        assert len(site.look()) == 1


def illustrated(number: int) -> Article:
    """Make an article of headings and pictures, each with a caption in the body and beside the picture."""
    caption = f"{number}번 마을의 새 도서관 앞에 모인 주민들"
    words = (Block("heading", f"{number}번 마을은 이렇게 달라진다"), Block("caption", caption))
    body = (words[0], *state(number).body, words[1])
    return state(number, body=body, images=(Image(f"{PORTAL}/{number}.jpg", f"{number}번 마을", caption),))


def printed_as(kind: str, other: Any) -> Callable[[Article], Article]:
    """Print all blocks of one kind as another."""
    return lambda one: replace(
        one, body=tuple(replace(block, kind=other) if block.kind == kind else block for block in one.body)
    )


def uncaptioned(one: Article) -> Article:
    return printed_as("caption", "paragraph")(
        replace(one, images=tuple(replace(each, caption=None) for each in one.images))
    )


def in_one(one: Article) -> Article:
    return replace(one, body=(Block("paragraph", "\n".join(block.text for block in one.body)),))


def test_paragraphs_that_a_template_prints_as_one_everywhere_are_no_edits_there_and_back(site: Site):
    before = dict(site.said)
    site.all(in_one)
    site.edit(3, "보육 사업을", "보육 사업 열두 곳을")
    assert site.look() == [f"{148_000_003}.1"]
    site.said = before
    assert site.look() == [f"{148_000_003}.2"]
    assert [(one.field, one.what, one.verdict) for one in site.found] == [("body", "recut", "held")]
    assert "body parted into other paragraphs" in site_line(site.found[0], Words("en")).lower()
    assert {change.comparison.weight for change in changes.find(site.db, Query())} == {"substance"}


NOTICE = (Block("paragraph", "본문 듣기"), Block("paragraph", "이 글은 새 누리집에서 볼 수 있다."))


def test_one_text_in_the_place_of_all_bodies_is_told_once_and_no_edit_there_and_back(site: Site):
    before = dict(site.said)
    site.all(lambda one: replace(one, body=NOTICE))
    assert site.look() == []
    (one,) = site.found
    assert (one.field, one.what, one.text) == ("body", "supplanted", "본문 듣기\n이 글은 새 누리집에서 볼 수 있다.")
    assert (one.verdict, one.share) == ("held", (10, 10))
    assert "body gone, with “본문 듣기 이 글은 새" in site_line(one, Words("en")).lower()
    site.said[4] = before[4]
    assert site.look() == []
    site.said = before
    site.edit(5, "보육 사업을", "보육 사업 열두 곳을")
    assert site.look() == [f"{148_000_005}.2"]
    assert site.words() in ([("을", " 열두 곳을")], [("", " 열두 곳")])
    assert [one.what for one in site.found] == ["supplanted", "given-back"]
    site.edit(4, "교통", "도로")
    assert site.look() == [f"{148_000_004}.3"]


def test_a_text_written_anew_in_the_moment_in_which_a_line_comes_everywhere_is_an_edit_without_that_line(site: Site):
    site.said[3] = replace(site.said[3], body=(Block("paragraph", "공사는 내년으로 미루어졌다."),))
    site.all(badge_last)
    assert site.look() == [f"{148_000_003}.1"]
    assert [(one.what, len(one.members)) for one in site.found] == [("added", 10)]
    assert BADGE not in "".join(text for _, text in site.words())


def test_texts_that_are_all_written_anew_are_edits(site: Site):
    site.said = {
        number: replace(one, body=(Block("paragraph", f"공사는 {number}년 뒤로 미루어졌다."),))
        for number, one in site.said.items()
    }
    assert len(site.look()) == 10
    assert site.found == []


def test_subtitles_that_a_template_prints_in_the_body_are_no_edits_there_and_back(site: Site):
    before = dict(site.said)
    site.all(lambda one: replace(one, subtitles=(), body=(Block("paragraph", one.subtitles[0]), *one.body)))
    site.edit(3, "보육 사업을", "보육 사업 열두 곳을")
    assert site.look() == [f"{148_000_003}.1"]
    site.said = before
    assert site.look() == [f"{148_000_003}.2"]
    assert [one.what for one in site.found] == ["emptied", "filled"]
    assert {change.comparison.fields[0].field for change in changes.find(site.db, Query())} == {"body"}


def quoting(number: int) -> Article:
    """Make an article that quotes under its headline, in the body and under a picture."""
    caption = f"{number}번 마을의 '열린 도서관'"
    said = Block("paragraph", f'"{number}번 마을이 앞장선다"고 말했다.')
    body = (*state(number).body, said, Block("caption", caption))
    images = (Image(f"{PORTAL}/{number}.jpg", f"{number}번 마을", caption),)
    return state(number, title=f"{number}번째 '마을 도서관'", body=body, images=images)


def curly(text: str) -> str:
    return re.sub(r"'([^']*)'", r"‘\1’", re.sub(r'"([^"]*)"', r"“\1”", text))


def in_curly_marks(one: Article) -> Article:
    return replace(
        one,
        title=curly(one.title),
        body=tuple(replace(each, text=curly(each.text)) for each in one.body),
        images=tuple(replace(each, caption=curly(each.caption or "")) for each in one.images),
    )


def test_quotation_marks_that_a_template_prints_in_another_form_everywhere_are_no_edits_there_and_back(tmp_path: Path):
    site = Site(tmp_path, made=lambda number: quoting(number) if number != 9 else state(number))
    with closing(site.db):
        before = dict(site.said)
        site.all(in_curly_marks)
        site.edit(3, "앞장선다", "앞장설 예정이다")
        site.edit(9, "보육 사업을", "보육 사업 열두 곳을")
        assert site.look() == [f"{148_000_003}.1", f"{148_000_009}.1"]
        site.said = before
        assert site.look() == [f"{148_000_003}.2", f"{148_000_009}.2"]
        assert [(one.field, one.what, one.share[0]) for one in site.found] == [("body", "requoted", 9)]
        assert "quotation marks printed in another form" in site_line(site.found[0], Words("en")).lower()
        assert not [one for one in site.words() if set(one[0] + one[1]) & set("\"'“”‘’")]


def test_quotation_marks_in_another_form_are_an_edit_where_few_articles_that_have_any_show_it(tmp_path: Path):
    site = Site(tmp_path, made=quoting)
    with closing(site.db):
        site.said |= {number: in_curly_marks(site.said[number]) for number in range(5)}
        assert len(site.look()) == 5
        assert site.found == []


@pytest.mark.parametrize("field", ["attachments", "images"])
def test_files_and_pictures_that_get_other_numbers_and_addresses_everywhere_are_no_edits(tmp_path: Path, field: str):
    def made(number: int) -> Article:
        files = tuple(Attachment(f"{number}{one}", f"자료{one}.pdf", sha256=f"{number}{one}" * 8) for one in (1, 2))
        pictures = tuple(Image(f"{PORTAL}/a/{number}{one}.jpg", "", None, f"{number}{one}" * 8) for one in (1, 2))
        return state(number, attachments=files, images=pictures)

    def moved(one: Article) -> Article:
        files = tuple(replace(each, file_id=f"9{each.file_id}") for each in one.attachments)
        pictures = tuple(replace(each, src=each.src.replace("/a/", "/b/")) for each in one.images)
        return replace(one, attachments=files) if field == "attachments" else replace(one, images=pictures)

    site = Site(tmp_path, made=made)
    with closing(site.db):
        site.all(moved)
        site.edit(3, "보육 사업을", "보육 사업 열두 곳을")
        fourth = site.said[4]
        site.said[4] = replace(
            fourth,
            attachments=(fourth.attachments[0], replace(fourth.attachments[1], sha256="ff" * 8)),
            images=(fourth.images[0], replace(fourth.images[1], sha256="ff" * 8)),
        )
        assert site.look() == [f"{148_000_003}.1", f"{148_000_004}.1"]
        assert [(one.field, one.what, one.share[0]) for one in site.found] == [(field, "renumbered", 10)]
        mended, replaced = changes.find(site.db, Query())
        assert {one.field for one in mended.comparison.fields} | {mended.article} == {"body", "148000003"}
        assert {one.field for one in replaced.comparison.fields} == {"attachments", "images"}


PRINTED: dict[str, tuple[Callable[[Article], Article], list[Shape]]] = {
    "headings as plain text": (printed_as("heading", "paragraph"), [Shape("body:heading", "recast", "paragraph")]),
    "plain text as a list": (printed_as("paragraph", "list-item"), [Shape("body:paragraph", "recast", "list-item")]),
    "captions as plain text": (
        uncaptioned, [Shape("body:caption", "recast", "paragraph"), Shape("images:caption", "emptied")],
    ),
    "no alternative texts": (
        lambda one: replace(one, images=tuple(replace(each, alt="") for each in one.images)),
        [Shape("images:alt", "emptied")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PRINTED)
def test_what_a_template_prints_otherwise_everywhere_is_no_edit_there_and_back(tmp_path: Path, name: str):
    edit, printed = PRINTED[name]
    site = Site(tmp_path, made=illustrated)
    with closing(site.db):
        before = dict(site.said)
        site.all(edit)
        site.edit(3, "보육 사업을", "보육 사업 열두 곳을")
        site.edit(6, "이렇게 달라진다", "이렇게 바뀐다")
        assert site.look() == [f"{148_000_003}.1", f"{148_000_006}.1"]
        assert [Shape(one.field, one.what, one.text) for one in site.found] == printed  # type: ignore[arg-type]
        assert {one.verdict for one in site.found} == {"held"}
        said = "\n".join(site_line(one, Words("en")) for one in site.found)
        assert ("headings printed as paragraphs now" in said) == (name == "headings as plain text")
        assert ("alternative texts of pictures gone" in said) == (name == "no alternative texts")
        words = site.words()
        site.said = before
        assert site.look() == [f"{148_000_003}.2", f"{148_000_006}.2"]
        assert [Shape(one.field, one.what, one.text).opposite for one in site.found] == [  # type: ignore[arg-type]
            *(one.opposite for one in printed), *printed,
        ]  # fmt: skip
        assert sorted(words) == sorted((come, gone) for gone, come in site.words()[2:])


def test_an_article_of_which_next_to_nothing_is_read_is_told_with_its_share(site: Site):
    site.said[1] = replace(site.said[1], body=site.said[1].body[:1])
    site.said[2] = replace(site.said[2], body=(Block("paragraph", "이 글은 작성 부처의 요청으로 삭제되었습니다."),))
    site.look()
    (one,) = site_changes.shrunken(site.db)
    assert (one["section"], one["kind"], one["read"]) == ("policy-news", "shrunken", 10)
    assert [(each["article"], each["blocks_before"], each["blocks"]) for each in one["articles"]] == [
        (site.said[1].article, 6, 1)
    ]
    site.said[1] = state(1)
    site.look()
    assert site_changes.shrunken(site.db) == []


def test_a_run_is_counted_once_however_many_of_its_articles_shrank(site: Site, monkeypatch):
    for number in range(1, 5):
        site.said[number] = replace(site.said[number], body=site.said[number].body[:1])
    site.look()
    counted: list[tuple[str, str]] = []
    read_in = looks.read_in

    def count(db: sqlite3.Connection, run: str, section: str) -> int:
        counted.append((run, section))
        return read_in(db, run, section)

    monkeypatch.setattr(looks, "read_in", count)
    assert sum(len(one["articles"]) for one in site_changes.shrunken(site.db)) == 4
    assert len(counted) == len(set(counted))


def test_articles_that_are_empty_from_the_first_are_told(site: Site):
    site.said[10] = state(10, body=())
    site.look()
    (one,) = site_changes.shrunken(site.db)
    assert (one["kind"], [each["blocks_before"] for each in one["articles"]]) == ("empty", [None])


def test_a_new_template_is_held_released_and_found_again_from_the_warc_files(tmp_path: Path):
    drill = Drill(tmp_path, 6)
    assert drill.run() == []
    pages = drill.section("policy-news")
    assert len(pages) == 5
    clean = {url: drill._answer(url) for url in pages}

    def rebuilt_site(url: str) -> Answer | None:
        if url not in clean:
            return None
        text = clean[url].body.decode().replace("<p>", f"<p>{BADGE}</p>\n<p>", 1)
        if url == pages[2]:
            text = text.replace("빈집은 일터로", "빈집은 가게로").replace("1,430채", "1,530채")
        return replace(clean[url], body=text.encode())

    drill.weather = rebuilt_site
    (own,) = drill.run()
    assert (own.article, next(one.field for one in own.comparison.fields)) == (drill.articles[pages[2]], "title")
    assert drill.rebuilt() == drill.all_that_is_made()
    (one,) = site_changes.all_of(drill.db)
    assert (one.field, one.what, one.text, len(one.members)) == ("body", "added", BADGE, 5)

    def told(*words: str) -> str:
        done = CliRunner().invoke(gochim, ["--archive", str(drill.archive.root), *words])
        assert (done.exit_code, done.exception) == (0, None), done.output
        return done.output

    assert "5 articles of policy-news changed in the same way" in told("status")
    assert json.loads(told("status", "--format", "json"))["site_changes"][0]["id"] == one.id
    assert told("changes").startswith("정책뉴스 글 5건에 같은 변화: 본문에 “이 글은 새로 단장한")
    assert one.id in told("site-changes")
    assert one.id in told("diff", own.article, "1", "2")
    assert json.loads(told("diff", own.article, "1", "2", "--format", "json"))["site_changes"] == [one.id]
    told("export", "dossier", own.id, "--no-pdf", "-o", str(tmp_path / "own.zip"))
    dossier = verify.judged((tmp_path / "own.zip").read_bytes())
    assert dossier.errors == []
    # What the site did stands between the two pages, too.
    assert "changed texts found in the archived pages: 5 of 5" in dossier.notes
    for style in ("html", "markdown", "json"):
        assert "이 글은 새로 단장한" in told("report", "--format", style, "-o", "-")
    assert told("site-changes", one.id, "--release").count("edited") == 4  # one of the five was told before
    assert len(json.loads(told("changes", "--format", "json"))) == 5
    assert "no edits" not in told("status")
    assert json.loads(told("diff", own.article, "1", "2", "--format", "json"))["site_changes"] == []
    assert "all agree" in told("verify")
    with closing(drill.archive.database()) as db:
        before = drill.all_that_is_made(db)
    assert drill.rebuilt() == before
    assert json.loads(told("site-changes", one.id, "--hold", "--format", "json"))[0]["because"] == "person"
    assert len(json.loads(told("changes", "--format", "json"))) == 1
    done = CliRunner().invoke(gochim, ["--archive", str(drill.archive.root), "site-changes", "none"])
    assert isinstance(done.exception, SettingsError)
    assert "There is no site change none" in str(done.exception)


@pytest.mark.parametrize(
    ("section", "moment", "version"),
    [("policy-news", 30, 2), ("policy-news", 24, 1), ("policy-news", 0, None), ("press-release", 30, None)],
    ids=["after both", "as the second was seen", "as the first was seen", "in another section"],
)
def test_an_article_stands_as_it_was_last_seen_before_a_moment_in_its_own_section(
    tmp_path: Path, section: str, moment: float, version: int | None
):
    _, db = archive_at(tmp_path)
    with closing(db):
        with db:
            file_readings(db, "148930267", readings(db, [article("서른 곳을 연다."), article("마흔 곳을 연다.")]))
        found = site_changes.stood(db, section, ["148930267", "148930999"], at(moment).isoformat())
        assert [one.version for one in found] == ([] if version is None else [version])
