"""Search: held against a plain scan of every text, so that no hit means that it is nowhere."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import filing, indexing, letters, search
from storage.archive import Archive
from storage.documents import add as add_document
from storage.errors import SettingsError
from storage.records import Article, Block, Document, Image
from storage.spellings import spellings, stands
from tests.drill import Drill
from tests.makers import archive_at, article, at, attachment, db, file_readings, readings

__all__ = ["db"]

TEXTS = (
    "정부는 내년 예산안을 3,000억 원 규모로 확정했다.",
    "대통령은 “탄소 중립”을 2050년까지 이루겠다고 밝혔다.",
    "K-방역 · KTX 2호선, 코로나19(COVID-19) 대응… △12.5% ▲3%p",
    "國會 예산결산특별위원회; 예 산, 산예",
    unicodedata.normalize("NFD", "분해된 자모로 쓴 문화체육관광부 보도"),
)


def file_all(db: sqlite3.Connection, *articles: Article) -> None:
    for one in articles:
        file_readings(db, one.article, readings(db, [one], one.article))
    indexing.complete(db)


def found(db: sqlite3.Connection, text: str, **where: object) -> list[str]:
    return sorted(hit.article for hit in search.find(db, search.SearchQuery(search.terms_of(text), **where)))  # type: ignore[arg-type]


@pytest.fixture
def five(db):
    file_all(db, *(article(text, str(number), title=f"제목 {number}") for number, text in enumerate(TEXTS)))
    return db


@pytest.mark.parametrize(
    ("asked", "hits"),
    [
        ("예산", ["0", "3"]),
        ("예산안", ["0"]),
        ("대통령은", ["1"]),
        ("대통령", ["1"]),
        ("3,000억", ["0"]),
        ("3000억", ["0"]),
        ("000억", ["0"]),
        ("산", ["0", "3"]),
        ("통", ["1"]),
        ("'", []),
        ("국회", []),
        ("國會", ["3"]),
        ("ktx", ["2"]),
        ("ＫＴＸ", ["2"]),
        ("covid-19", ["2"]),
        ("COVID 19", ["2"]),
        ('"covid 19"', []),
        ("△12.5%", ["2"]),
        ("▲", ["2"]),
        ("%", ["2"]),
        ('"탄소 중립"', ["1"]),
        ("탄소중립", []),
        ("탄소 2050년", ["1"]),
        ("탄소 예산", []),
        ('"예 산"', ["3"]),
        ("문화체육관광부", ["4"]),
        ("자모로", ["4"]),
        (unicodedata.normalize("NFD", "예산"), ["0", "3"]),
        ("제목", ["0", "1", "2", "3", "4"]),
        ("없는말", []),
        ('"', []),
        ("“탄소", ["1"]),
        ("*", []),
        ("(covid-19)", ["2"]),
        ("대응…", ["2"]),
        ("방\x00역\u200b", ["2"]),
    ],
)
def test_whatever_part_of_a_text_is_asked_for_is_found(five, asked, hits):
    assert found(five, asked) == hits


LETTERS = st.sampled_from("가나다라예산ㄱㄴazbZ19 ,.·△國é\u1100\u1161\"'*%^-_:()😀\x00\n\u3000")
WORDS = st.text(LETTERS, min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(st.text(LETTERS, max_size=20), min_size=1, max_size=4),
    asked=st.lists(WORDS, min_size=1, max_size=12),
)
def test_the_index_finds_exactly_what_a_plain_scan_finds(tmp_path_factory, texts, asked):
    _, db = archive_at(tmp_path_factory.mktemp("law"))
    with closing(db):
        file_all(db, *(article(text, str(number), title="x", subtitles=()) for number, text in enumerate(texts)))
        for text in (*asked, *(f'"{one}"' for one in asked)):
            try:
                terms = search.terms_of(text)
            except SettingsError:
                continue
            plain = [
                str(number)
                for number, one in enumerate(texts)
                if all(stands(term, letters.fold(one)) or term == "x" for term in terms)
            ]
            assert found(db, text) == plain, (text, texts)
            # Few hits are asked for in another way than many.
            assert ordered(db, text, len(texts)) == ordered(db, text), (text, texts)
            assert ordered(db, text, 1) == ordered(db, text)[:1], (text, texts)


def test_titles_subtitles_captions_and_files_are_searched_and_named(db):
    one = article(
        "본문이다.", "1", title="제목이다", subtitles=("부제목이다",),
        body=(Block("paragraph", "본문이다."), Block("caption", "그림말이다")),
        images=(Image("https://www.example.kr/a.jpg", "대신하는 글", "사진말이다"),),
        attachments=(attachment(sha256="cd" * 32, name="안내문.hwpx"),),
    )  # fmt: skip
    file_all(db, one)
    places = {"제목이다": "title", "부제목": "subtitles", "본문이": "body", "그림말": "captions", "사진말": "captions",
              "대신하": "captions", "안내문": "files"}  # fmt: skip
    for asked, place in places.items():
        (hit,) = search.find(db, search.SearchQuery(search.terms_of(asked)))
        assert hit.field == place, asked


@pytest.mark.parametrize(
    "asked",
    ["30만원", '"30만 원 이하"', '"30만원 이하"', '"30 만원"', "2만1천명", '"2만 1천명"', "3조5000억",
     '"3조 5,000억원"', "12개소", '"2026년8월 20일"', "8월20일", "50kg"],
)  # fmt: skip
def test_a_figure_is_found_however_it_and_its_unit_are_spaced(db, asked: str):
    file_all(db, article("과태료 30만 원 이하, 2만 1천 명, 3조 5,000억 원, 12 개소, 2026년 8월 20일, 50 kg."))
    (hit,) = search.find(db, search.SearchQuery(search.terms_of(asked)))
    found = hit.snippet.partition("⟦")[2].partition("⟧")[0]
    assert letters.fold(found).replace(" ", "") == letters.fold(asked.strip('"')).replace(" ", "")


@pytest.mark.parametrize("asked", ["30만", "만 원", "1천", "원"])
def test_a_part_of_a_figure_is_found_as_before(db, asked: str):
    file_all(db, article("과태료 30만 원 이하, 2만 1천 명"))
    assert found(db, f'"{asked}"') == ["148930267"]


@pytest.mark.parametrize("asked", ["20만원", "30만명", "만원", "3 0만원"])
def test_other_figures_and_words_are_not_found(db, asked: str):
    file_all(db, article("과태료 30만 원 이하"))
    assert not found(db, f'"{asked}"')


def test_the_spaces_of_a_long_term_are_tried_up_to_a_bound():
    assert len(spellings("1만 2천 3조 4억 5천 6명 7건 8개")) == 64
    assert spellings("예산안") == ("예산안",)


def test_a_hit_shows_what_was_found_in_its_printed_form(five):
    (hit,) = search.find(five, search.SearchQuery(search.terms_of("3000억")))
    assert hit.snippet == "정부는 내년 예산안을 ⟦3,000억⟧ 원 규모로 확정했다."
    assert (hit.article, hit.version, hit.field, hit.current, hit.state) == ("0", 1, "body", True, "live")
    (hit,) = search.find(five, search.SearchQuery(search.terms_of("예산 정 3000억 산안")))
    assert hit.snippet == "⟦정⟧부는 내년 ⟦예산⟧안을 ⟦3,000억⟧ 원 규모로 확⟦정⟧했다."


@pytest.mark.parametrize("text", ["예산 OR 결산", "예산 NOT 결산", "예산 -결산", "예산*", '"예산', '"가 나" "다'])
def test_a_search_knows_what_others_read_as_operators(text: str):
    assert search.as_other_searches(text)


@pytest.mark.parametrize("text", ["예산", '"예산 결산" 안', "K-방역", "2-3", "order", "3 * 4", "- 관세청"])
def test_a_search_for_words_alone_has_no_operators(text: str):
    assert not search.as_other_searches(text)


def ordered(db: sqlite3.Connection, text: str, limit: int | None = None) -> list[tuple[str, int]]:
    hits = search.find(db, search.SearchQuery(search.terms_of(text)), limit)
    return [(hit.article, hit.version) for hit in hits]


RANKED = (
    article("도서관 도서관 도서관", "1", title="다른 글", subtitles=()),
    article("글이다.", "2", title="도서관을 열다", subtitles=()),
    article("글이다.", "3", title="새 글", subtitles=("도서관을 열다",)),
    article("도서관", "4", title="다른 글", subtitles=()),
    article("말", "5", title="도서관", subtitles=("열두 곳",)),
)


def test_a_hit_in_the_title_comes_first_then_one_in_the_subtitles(db):
    file_all(db, *RANKED)
    assert [one for one, _ in ordered(db, "도서관")] == ["2", "5", "3", "1", "4"]
    assert [one for one, _ in ordered(db, "도서관 열두")] == ["5"]
    for limit in range(8):
        assert ordered(db, "도서관", limit or None) == ordered(db, "도서관")[: limit or None]


def test_the_newest_comes_first_among_equals(db):
    states = [article("도서관 하나"), article("도서관 둘"), article("도서관 셋")]
    file_readings(db, "148930267", readings(db, states))
    indexing.complete(db)
    assert [version for _, version in ordered(db, "도서관")] == [3, 2, 1]


@settings(max_examples=10, deadline=None, derandomize=True)
@given(order=st.permutations(range(len(RANKED))), again=st.lists(st.sampled_from(RANKED), max_size=4))
def test_hits_stand_in_one_order_whatever_was_filed_first_or_taken_back(tmp_path_factory, order, again):
    _, db = archive_at(tmp_path_factory.mktemp("order"))
    with closing(db):
        file_all(db, *(RANKED[one] for one in order))
        for one in again:
            filing.forget(db, one.article)
            file_all(db, one)
        assert [one for one, _ in ordered(db, "도서관")] == ["2", "5", "3", "1", "4"]


def test_an_index_that_is_mostly_of_what_was_taken_back_is_made_anew(five, monkeypatch):
    monkeypatch.setattr(indexing, "_BATCH", 4)

    def entries() -> int:
        return int(five.execute("SELECT count(*) FROM search_index_docsize").fetchone()[0])

    for _ in range(12):
        filing.forget(five, "0")
        file_all(five, article(TEXTS[0], "0", title="제목 0"))
        assert entries() <= 2 * len(TEXTS) + 1
        assert found(five, "예산") == ["0", "3"]
        assert found(five, "제목") == ["0", "1", "2", "3", "4"]


def history(db: sqlite3.Connection) -> None:
    states = [article("처음 글"), article("고친 글"), article("다시 고친 글")]
    file_readings(db, "148930267", readings(db, states))
    indexing.complete(db)


def test_every_version_is_found_or_only_the_newest_or_the_one_that_stood_then(db):
    history(db)

    def numbers(text: str, **where: object) -> list[int]:
        query = search.SearchQuery(search.terms_of(text), **where)  # type: ignore[arg-type]
        return sorted(hit.version for hit in search.find(db, query))

    assert numbers("글") == [1, 2, 3]
    assert numbers("글", current=True) == [3]
    assert numbers("글", at=at(30)) == [2]
    assert numbers("글", at=at(-1)) == []
    assert numbers("처음", current=True) == []


def test_section_ministry_and_day_bound_what_is_found(five):
    file_all(
        five,
        article("예산", "9", section="press-release", source="기획재정부", source_code="A1", published="2026-10-01"),
    )
    assert found(five, "예산", sections=("press-release",)) == ["9"]
    assert found(five, "예산", ministries=("기획재정부",)) == found(five, "예산", ministries=("A1",)) == ["9"]
    assert found(five, "예산", since="2026-10-01") == ["9"]
    assert found(five, "예산", until="2026-10-01") == ["0", "3"]
    assert found(five, "예산", since="2026-09-15", until="2026-09-16") == ["0", "3"]


def test_an_index_of_an_older_form_is_made_anew(five):
    with five:
        five.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'm020%'")
    archive = Archive(Path(five.execute("PRAGMA database_list").fetchone()["file"]).parent)
    with closing(archive.database()) as db:
        assert found(db, "예산") == ["0", "3"]
        assert db.execute("SELECT count(*) FROM search_index_docsize").fetchone()[0] == 0
        assert indexing.complete(db) == len(TEXTS)
        assert found(db, "예산") == ["0", "3"]
        assert found(db, "제목") == ["0", "1", "2", "3", "4"]


def test_versions_that_are_not_indexed_yet_are_read_through(five):
    file_readings(five, "7", readings(five, [article("막 올라온 예산", "7")], "7"))
    assert found(five, "예산") == ["0", "3", "7"]
    assert search.count(five, search.SearchQuery(("예산",))) == 3
    assert indexing.complete(five) == 1
    assert indexing.complete(five) == 0
    assert found(five, "예산") == ["0", "3", "7"]


def test_a_pass_indexes_what_another_had_filed_and_left(tmp_path):
    drill = Drill(tmp_path, 1)
    with closing(drill.db) as db:
        drill.run(articles=drill.section("press-release"), lists=False)
        with db:
            db.execute("INSERT OR IGNORE INTO search_waiting SELECT id FROM versions")
        assert indexing.number_waiting(db) > 0
        drill.catch_up()
        assert indexing.number_waiting(db) == 0


def test_terms_worked_out_before_an_article_was_taken_back_are_not_indexed(five):
    file_readings(five, "7", readings(five, [article("막 올라온 예산", "7")], "7"))
    (span,) = indexing.waiting(five)
    found = indexing.entries(five, *span)
    filing.forget(five, "7")
    assert len(found) == 1
    assert indexing.put(five, found) == 0


def test_what_was_taken_back_is_found_no_more(five):
    filing.forget(five, "0")
    assert found(five, "예산") == ["3"]
    file_readings(five, "0", readings(five, [article("다른 말", "0")], "0"))
    indexing.complete(five)
    assert found(five, "예산") == ["3"]
    assert found(five, "다른") == ["0"]


def test_what_a_file_says_is_found_once_it_was_read(db):
    before = article("글", attachments=(attachment(),))
    file_readings(db, "148930267", readings(db, [before]))
    indexing.complete(db)
    assert found(db, "붙임말") == []
    add_document(db, Document("cd" * 32, "read", blocks=(Block("paragraph", "붙임말이다"),)), "reader")
    after = replace(before, attachments=(attachment(sha256="cd" * 32),))
    file_readings(db, "148930267", readings(db, ["blocked", after])[1:])
    assert indexing.complete(db) == 1
    (hit,) = search.find(db, search.SearchQuery(("붙임말",)))
    assert (hit.field, hit.snippet) == ("files", "⟦붙임말⟧이다")


@pytest.mark.parametrize("nothing", ["", "  ", '""', "\u200b"])
def test_nothing_to_look_for_is_refused(nothing):
    with pytest.raises(SettingsError, match="nothing to look for"):
        search.terms_of(nothing)


def test_a_hit_is_json(five):
    (hit,) = search.find(five, search.SearchQuery(("대통령",)))
    assert json.loads(json.dumps(hit.as_json()))["snippet"].startswith("⟦대통령⟧은")
