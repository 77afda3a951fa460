"""A document in a viewer that has no last page, or whose pages the budget left out: what is asked for, and told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.portal import Portal
from crawler.turning import LONG, Turned
from crawler.viewer import MAX_DOCUMENT_PAGES, inner_frame
from tests.makers import at, capture
from tests.runs import Desk
from tests.shelf import Shelf, archive, page, shelf

__all__ = ["archive"]

RELEASE = "/briefing/pressReleaseView.do?newsId=156700001"
FOLDER = "/docViewer/result/2026.11/09/ab12"
FRAME = (
    f'<div class="docConversion" id="content"><iframe id="content_press"'
    f' src="/docViewer/iframe_skin/doc.html?fn=ab12&amp;rs={FOLDER}"></iframe></div>'
)


@pytest.fixture
def portal() -> Iterator[Shelf]:
    with shelf() as one:
        one.shown[RELEASE] = page(own=RELEASE).replace("<div class='view_cont'>", f"<div class='view_cont'>{FRAME}")
        yield one


def fill(portal: Shelf, pages: int) -> None:
    """Let the document have so many pages, each with words of its own."""
    for number in range(1, pages + 1):
        portal.shown[f"{FOLDER}/ab12.files/{number}.html"] = (
            f"<p>{number}번째 쪽은 {'가나다라마바사'[number % 7] * number}이다.</p>"
        )


def crawl(archive: Desk, portal: Shelf, *words: str) -> list[str]:
    portal.asked.clear()
    archive.ok("crawl", "--url", portal.url + RELEASE, *words)
    return [one for one in portal.asked if one.startswith(FOLDER)]


def test_a_viewer_that_has_new_words_for_every_number_is_asked_for_two_dozen_pages_at_each_look(archive, portal):
    fill(portal, 500)
    for _ in range(2):
        assert len(crawl(archive, portal)) == LONG + 1
    status = archive.json("status")
    assert (status["counts"]["versions"], status["outcomes"]) == (1, {"incomplete": 2})
    assert [one for one in status["wrong"] if "has no last page" in one]
    assert not [one for one in status["wrong"] if "budget" in one]


@pytest.mark.parametrize("pages", [LONG - 1, LONG, LONG + 1, 60])
def test_a_document_that_has_an_end_is_had_whole_however_long_it_is(archive, portal, pages):
    fill(portal, pages)
    asked = crawl(archive, portal)
    assert len(asked) == pages + (2 if pages < LONG else 3)
    assert (f"{FOLDER}/ab12.files/{MAX_DOCUMENT_PAGES}.html" in asked) == (pages >= LONG)
    shown = archive.json("show", "156700001")
    assert [block["text"].split()[0] for block in shown["body"]] == [f"{number}번째" for number in range(1, pages + 1)]


def test_a_document_converted_anew_has_the_pictures_that_it_had(archive, portal):
    shown = portal.shown[RELEASE]
    for name in ("ab12", "cd34"):
        portal.shown[RELEASE] = shown.replace("ab12", name)
        portal.shown[f"{FOLDER}/ab12.files/1.html".replace("ab12", name)] = "<p>그림이 있다.</p><img src='1_img.png'>"
        archive.ok("crawl", "--url", portal.url + RELEASE)
    (image,) = archive.json("show", "156700001")["images"]
    assert image["src"] == f"{portal.url}{FOLDER}/ab12.files/1_img.png"
    assert archive.json("status")["counts"]["versions"] == 1


NOTICE = "<html><head><title>안내</title></head><body><p>요청하신 페이지를 찾을 수 없습니다. ({})</p></body></html>"


def end_in_words(portal: Shelf, pages: int, **head: str) -> None:
    """Let the viewer answer every page behind these with status 200 and a notice."""
    fill(portal, pages)
    for number in range(pages + 1, MAX_DOCUMENT_PAGES + 1):
        notice = NOTICE.format(number).encode()
        portal.shown[f"{FOLDER}/ab12.files/{number}.html"] = (200, head, notice)


def hold_read_whole_twice(archive: Desk, pages: int) -> None:
    """Hold that two looks read all pages of the document, and that a rebuild does."""
    status = archive.json("status")
    assert (status["counts"]["versions"], status["outcomes"], status["wrong"]) == (1, {"read": 2}, [])
    shown = archive.json("show", "156700001")
    assert [block["text"].split()[0] for block in shown["body"]] == [f"{number}번째" for number in range(1, pages + 1)]
    before = status["content_digest"]
    archive.ok("rebuild")
    assert archive.json("status")["content_digest"] == before


@pytest.mark.parametrize("head", [{}, {"ETag": '"notice"'}])
@pytest.mark.parametrize("pages", [1, 3, LONG - 1, LONG, LONG + 1, 30])
def test_a_viewer_that_says_the_end_in_words_is_read_whole(archive, portal, pages, head):
    end_in_words(portal, pages, **head)
    names = [*range(1, pages + 2), MAX_DOCUMENT_PAGES, pages + 2, pages, pages + 1]
    if pages >= LONG:
        names = [*range(1, LONG + 1), MAX_DOCUMENT_PAGES, *range(LONG + 1, pages + 3), pages, pages + 1]
    for _ in range(2):
        assert crawl(archive, portal) == [f"{FOLDER}/ab12.files/{number}.html" for number in names]
    hold_read_whole_twice(archive, pages)


AWAY = (302, {"Location": "/"}, b"")


def end_elsewhere(portal: Shelf, pages: int, status: int = 302, to: str = "/") -> None:
    """Let the viewer lead away from every page behind these."""
    fill(portal, pages)
    portal.shown["/"] = page("오늘의 소식을 전한다.")
    for number in range(pages + 1, MAX_DOCUMENT_PAGES + 1):
        portal.shown[f"{FOLDER}/ab12.files/{number}.html"] = (status, {"Location": to.format(pages)}, b"")


@pytest.mark.parametrize(
    ("pages", "status", "to"),
    [
        (1, 302, "/"),
        (3, 301, "/nothing"),
        (LONG, 307, FOLDER + "/ab12.files/{}.html"),
        (LONG + 1, 303, "http://example.org/"),
    ],
)
def test_a_viewer_that_leads_away_beyond_the_end_is_read_whole_and_not_followed(archive, portal, pages, status, to):
    end_elsewhere(portal, pages, status, to)
    names = [*range(1, pages + 2), MAX_DOCUMENT_PAGES, pages + 2, pages, pages + 1]
    if pages >= LONG:
        names = [*range(1, LONG + 1), MAX_DOCUMENT_PAGES, *range(LONG + 1, pages + 3), pages, pages + 1]
    for _ in range(2):
        assert crawl(archive, portal) == [f"{FOLDER}/ab12.files/{number}.html" for number in names]
        assert not {"/", "/nothing"} & {*portal.asked}
    hold_read_whole_twice(archive, pages)
    assert archive.run("verify").code == 0


@pytest.mark.parametrize(
    ("ending", "answers"),
    [
        (end_elsewhere, range(1, 100)),
        (end_elsewhere, range(2, 4)),
        (end_elsewhere, range(4, 5)),
        (fill, range(2, 100)),
        (fill, range(2, 6)),
    ],
)
def test_a_viewer_that_leads_away_for_a_while_makes_no_edit(archive, portal, answers, ending):
    ending(portal, 5)
    crawl(archive, portal)
    assert archive.json("status")["outcomes"] == {"read": 1}
    asked = iter(range(1000))

    class Failing(dict[str, object]):
        def get(self, path, default=None):
            return AWAY if path.startswith(FOLDER) and next(asked) in answers else dict.get(self, path, default)

    portal.shown = Failing(portal.shown)
    crawl(archive, portal)
    assert archive.json("changes") == []
    assert archive.json("status")["counts"]["versions"] == 1


def test_a_document_from_whose_first_page_the_viewer_leads_away_is_read_where_it_stands_alone(archive, portal):
    portal.shown |= {
        f"{FOLDER}/ab12.files/1.html": AWAY,
        f"{FOLDER}/ab12.view.xhtml": "<p>도서관이 마을에 문을 연다.</p>",
    }
    assert len(crawl(archive, portal)) == 2
    assert [one["text"] for one in archive.json("show", "156700001")["body"]] == ["도서관이 마을에 문을 연다."]


@pytest.mark.parametrize("failing", [{3}, {3, 2}, {3, MAX_DOCUMENT_PAGES}, {3, MAX_DOCUMENT_PAGES, 4, 5, 2}])
def test_a_viewer_that_fails_in_words_makes_no_edit(archive, portal, failing):
    fill(portal, 5)
    crawl(archive, portal)
    assert archive.json("status")["outcomes"] == {"read": 1}
    at_once = NOTICE.format(0)
    asked = iter(range(1000))

    class Failing(dict[str, object]):
        def get(self, path, default=None):
            number = int(path.rpartition("/")[2].partition(".")[0]) if path.startswith(FOLDER) else 0
            # The page before it was there yet when it was asked for the first time.
            gone = number in failing and (number != 2 or next(asked) > 0)
            return at_once if gone else dict.get(self, path, default)

    portal.shown = Failing(portal.shown)
    crawl(archive, portal)
    assert archive.json("changes") == []
    assert archive.json("status")["counts"]["versions"] == 1


def repeat_last(portal: Shelf, pages: int, **head: str) -> None:
    """Let the viewer answer every page behind these with the last of them."""
    fill(portal, pages)
    last = str(portal.shown[f"{FOLDER}/ab12.files/{pages}.html"]).encode()
    for number in range(pages, MAX_DOCUMENT_PAGES + 1):
        portal.shown[f"{FOLDER}/ab12.files/{number}.html"] = (200, head, last)


@pytest.mark.parametrize("head", [{}, {"ETag": '"last"'}])
@pytest.mark.parametrize("pages", [2, 3, LONG - 1])
def test_a_viewer_that_shows_the_last_page_for_every_number_is_read_whole(archive, portal, pages, head):
    repeat_last(portal, pages, **head)
    names = [*range(1, pages + 2), MAX_DOCUMENT_PAGES, pages + 2, pages - 1, pages + 1]
    for _ in range(2):
        assert crawl(archive, portal) == [f"{FOLDER}/ab12.files/{number}.html" for number in names]
    hold_read_whole_twice(archive, pages)
    assert archive.run("verify").code == 0


def test_a_viewer_that_shows_the_last_page_for_every_number_is_watched_for_edits(archive, portal):
    repeat_last(portal, 3)
    crawl(archive, portal)
    repeat_last(portal, 4)
    crawl(archive, portal)
    (change,) = archive.json("changes")
    assert [op["new"] for field in change["fields"] for op in field["ops"] if op["op"] != "keep"] == [
        "4번째 쪽은 마마마마이다."
    ]


@pytest.mark.parametrize(("words", "outcome"), [(20, "incomplete"), (400, "read")])
def test_one_page_shown_for_every_number_is_a_document_only_if_it_says_more_than_a_notice(
    archive, portal, words, outcome
):
    portal.shown |= {
        f"{FOLDER}/ab12.files/{number}.html": f"<p>{'지원금을 준다. ' * words}</p>"
        for number in range(1, MAX_DOCUMENT_PAGES + 1)
    }
    crawl(archive, portal)
    assert archive.json("status")["outcomes"] == {outcome: 1}


@pytest.mark.parametrize("ending", [fill, end_in_words])
def test_a_document_in_which_a_page_stands_twice_is_read_whole(archive, portal, ending):
    ending(portal, 24)
    for number in (3, 4, 7, 8, 9, 20, 21):
        portal.shown[f"{FOLDER}/ab12.files/{number}.html"] = "<p>자리를 비워 둔다.</p>"
    crawl(archive, portal)
    texts = [block["text"] for block in archive.json("show", "156700001")["body"]]
    assert (len(texts), texts.count("자리를 비워 둔다.")) == (24, 7)


def test_a_page_like_the_last_stands_twice_before_it_in_a_viewer_that_shows_the_last_for_every_number(archive, portal):
    repeat_last(portal, 6)
    for number in (3, 4):
        portal.shown[f"{FOLDER}/ab12.files/{number}.html"] = portal.shown[f"{FOLDER}/ab12.files/6.html"][2]
    crawl(archive, portal)
    texts = [block["text"].split()[0] for block in archive.json("show", "156700001")["body"]]
    assert texts == ["1번째", "2번째", "6번째", "6번째", "5번째", "6번째"]


@pytest.mark.parametrize("failing", [2, 3, 5])
def test_a_viewer_that_fails_with_the_same_page_for_every_number_makes_no_edit(archive, portal, failing):
    repeat_last(portal, 5)
    crawl(archive, portal)
    assert archive.json("status")["outcomes"] == {"read": 1}
    asked = iter(range(1000))

    class Failing(dict[str, object]):
        def get(self, path, default=None):
            here = path.startswith(FOLDER) and next(asked) >= failing - 1
            return "<p>창구가 붐비니 한참 뒤에 오기를 권한다.</p>" if here else dict.get(self, path, default)

    portal.shown = Failing(portal.shown)
    crawl(archive, portal)
    assert archive.json("changes") == []
    assert archive.json("status")["outcomes"] == {"incomplete": 1, "read": 1}


@pytest.mark.parametrize("said", ["잠깐 기다리시면 이어서 보여 드립니다.", "Please wait a moment.", ""])
def test_what_may_be_a_notice_is_no_last_page_for_every_number(archive, portal, said):
    repeat_last(portal, 5)
    crawl(archive, portal)
    for number in range(3, MAX_DOCUMENT_PAGES + 1):
        portal.shown[f"{FOLDER}/ab12.files/{number}.html"] = f"<p>{said}</p>"
    crawl(archive, portal)
    assert archive.json("changes") == []
    assert archive.json("status")["outcomes"] == {"incomplete": 1, "read": 1}


class Missing(dict[str, object]):
    """A viewer that answers its pages with 404 for some time.

    Attributes:
        numbers: The pages.
        times: How often each is asked for meanwhile.
    """

    def __init__(self, shown: dict[str, object], numbers: set[int], times: int) -> None:
        super().__init__(shown)
        self.left = dict.fromkeys(numbers, times)

    def get(self, path, default=None):
        number = int(path.rpartition("/")[2].partition(".")[0]) if path.startswith(FOLDER) else 0
        if self.left.get(number, 0) > 0:
            self.left[number] -= 1
            return default
        return super().get(path, default)


@pytest.mark.parametrize("numbers", [{3}, {5}, {2, 4}])
def test_a_page_of_a_document_that_is_missing_for_a_moment_makes_no_edit(archive, portal, numbers):
    fill(portal, 5)
    crawl(archive, portal)
    portal.shown = Missing(portal.shown, numbers, 1)
    asked = crawl(archive, portal)
    assert len(asked) == 6 + len(numbers)
    assert archive.json("changes") == []
    assert archive.json("status")["outcomes"] == {"read": 2}


@pytest.mark.parametrize("number", [2, 3, 5])
def test_a_page_of_a_document_that_is_missing_for_a_moment_at_its_first_look_is_not_added_later(
    archive, portal, number
):
    fill(portal, 5)
    portal.shown = Missing(portal.shown, {number}, 1)
    assert len(crawl(archive, portal)) == 8
    assert len(crawl(archive, portal)) == 6
    assert archive.json("changes") == []


def test_a_page_added_to_a_document_is_not_its_end_for_being_missing_for_a_moment(archive, portal):
    fill(portal, 3)
    crawl(archive, portal)
    fill(portal, 6)
    portal.shown = Missing(portal.shown, {5}, 1)
    crawl(archive, portal)
    crawl(archive, portal)
    (change,) = archive.json("changes")
    assert change["labels"].count("paragraph-added") == 1


def test_a_page_that_is_missing_before_others_is_no_end(archive, portal):
    fill(portal, 5)
    crawl(archive, portal)
    del portal.shown[f"{FOLDER}/ab12.files/3.html"]
    for _ in range(2):
        crawl(archive, portal)
    fill(portal, 5)
    crawl(archive, portal)
    assert archive.json("changes") == []
    assert archive.json("status")["outcomes"] == {"incomplete": 2, "read": 2}


@pytest.mark.parametrize("ending", [fill, repeat_last])
@pytest.mark.parametrize("answers", [range(2, 5), range(5, 7), range(7, 9)])
def test_a_viewer_that_fails_with_404_for_a_moment_makes_no_edit(archive, portal, ending, answers):
    ending(portal, 5)
    crawl(archive, portal)
    asked = iter(range(1000))

    class Failing(dict[str, object]):
        def get(self, path, default=None):
            return default if path.startswith(FOLDER) and next(asked) in answers else super().get(path, default)

    portal.shown = Failing(portal.shown)
    crawl(archive, portal)
    assert archive.json("changes") == []
    assert archive.json("status")["counts"]["versions"] == 1


def test_a_viewer_that_fails_with_404_makes_no_edit(archive, portal):
    fill(portal, 5)
    crawl(archive, portal)
    asked = iter(range(1000))

    class Failing(dict[str, object]):
        def get(self, path, default=None):
            return default if path.startswith(FOLDER) and next(asked) > 1 else super().get(path, default)

    portal.shown = Failing(portal.shown)
    crawl(archive, portal)
    assert archive.json("changes") == []
    assert archive.json("status")["outcomes"] == {"incomplete": 1, "read": 1}


def test_pages_that_were_deleted_are_an_edit_and_asked_for_once_more_at_one_look(archive, portal):
    fill(portal, 5)
    crawl(archive, portal)
    for number in (4, 5):
        del portal.shown[f"{FOLDER}/ab12.files/{number}.html"]
    names = [f"{FOLDER}/ab12.files/{number}.html" for number in (1, 2, 3, 4, 4, 5, 3, 4)]
    assert crawl(archive, portal) == names
    (change,) = archive.json("changes")
    assert "paragraph-removed" in change["labels"]
    assert crawl(archive, portal) == names[:4]
    before = archive.json("status")["content_digest"]
    archive.ok("rebuild")
    assert (archive.json("status")["content_digest"], archive.run("verify").code) == (before, 0)


@pytest.mark.parametrize("ending", [end_in_words, repeat_last])
@pytest.mark.parametrize("answers", [range(2, 5), range(1, 4)])
def test_a_viewer_that_fails_in_words_for_a_moment_makes_no_version(archive, portal, ending, answers):
    """It says of the pages 3, 400 and 4 that they are not there, and shows page 2 once more."""
    ending(portal, 5)
    asked = iter(range(1000))

    class Failing(dict[str, object]):
        def get(self, path, default=None):
            gone = path.startswith(FOLDER) and next(asked) in answers
            return NOTICE.format(0) if gone else super().get(path, default)

    portal.shown = Failing(portal.shown)
    crawl(archive, portal)
    assert archive.json("status")["outcomes"] == {"incomplete": 1}


def test_a_document_that_speaks_of_what_is_gone_is_read_whole(archive, portal):
    fill(portal, 4)
    portal.shown[f"{FOLDER}/ab12.files/3.html"] = "<p>허위 게시물 35건은 삭제되었다.</p>"
    crawl(archive, portal)
    assert [block["text"] for block in archive.json("show", "156700001")["body"]][2] == "허위 게시물 35건은 삭제되었다."


@pytest.mark.parametrize(
    ("number", "said", "text", "asked"),
    [
        (1, (0, None), "하나", False), (2, (1, "하나"), "둘", False), (2, (1, "하나"), "하나", True),
        (2, (1, "하나"), None, True), (2, (1, None), "둘", True), (3, (1, "하나"), "둘", True),
        (2, (2, "둘"), "둘", True),
    ],
)  # fmt: skip
def test_the_archive_is_asked_whether_a_page_stands_twice_only_where_it_may(number, said, text, asked):
    turned = Turned(capture(at(0)), "/docViewer/skin/doc.html", number, said=said)
    assert turned.may_repeat(text) is asked


def test_status_says_that_the_budget_may_have_cut_a_look_short(archive, portal):
    fill(portal, 5)
    crawl(archive, portal, "--max-requests", "4")
    wrong = archive.json("status")["wrong"]
    assert [
        one
        for one in wrong
        if one.startswith("Of the articles not read whole 1 stood at the end of a run whose budget was spent")
    ]
    crawl(archive, portal)
    assert archive.json("status")["wrong"] == []
    assert archive.json("changes") == []


@pytest.mark.parametrize(
    ("src", "found"),
    [
        ("./result/H.view.xhtml", "https://www.korea.kr/docViewer/skin/result/H.view.xhtml"),
        ("/docViewer/result/H.view.xhtml", "https://www.korea.kr/docViewer/result/H.view.xhtml"),
        ("http://[/docViewer/H.view.xhtml", None),
        ("https://elsewhere.example/H.view.xhtml", None),
    ],
)
def test_the_frame_of_a_viewer_is_of_the_portal_or_none(src: str, found: str | None):
    skin = f'<iframe name="innerWrap" src="{src}"></iframe>'
    assert inner_frame(skin, "https://www.korea.kr/docViewer/skin/doc.html?fn=H", Portal()) == found


class Mixed(dict[str, object]):
    """A viewer whose cache answers for some pages with another document's, so many times each."""

    def __init__(self, shown: dict[str, object], instead: dict[int, str], times: int) -> None:
        super().__init__(shown)
        self.instead = instead
        self.left = dict.fromkeys(instead, times)

    def get(self, path, default=None):
        number = int(path.rpartition("/")[2].partition(".")[0]) if path.startswith(FOLDER) else 0
        if self.left.get(number, 0) > 0:
            self.left[number] -= 1
            return self.instead[number]
        return super().get(path, default)


def two_releases(archive: Desk, portal: Shelf) -> str:
    """Let another release with a document of its own be looked at; give the first page of that."""
    other = "<p>다른 부처는 섬마을에 배를 한 척 더 띄운다.</p>"
    there = RELEASE.replace("156700001", "156700002")
    portal.shown[there] = portal.shown[RELEASE].replace("ab12", "cd34").replace("156700001", "156700002")
    portal.shown[f"{FOLDER}/ab12.files/1.html".replace("ab12", "cd34")] = other
    archive.ok("crawl", "--url", portal.url + there)
    return other


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("looks_before", [0, 1])
def test_a_page_of_anothers_document_that_a_cache_mixed_up_is_no_edit(archive, portal, number, looks_before):
    other = two_releases(archive, portal)
    fill(portal, 3)
    for _ in range(looks_before):
        crawl(archive, portal)
    portal.shown = Mixed(portal.shown, {number: other}, 1)
    assert crawl(archive, portal).count(f"{FOLDER}/ab12.files/{number}.html") == 2
    crawl(archive, portal)
    assert archive.json("changes") == []
    before = archive.json("status")["content_digest"]
    archive.ok("rebuild")
    assert (archive.json("status")["content_digest"], archive.run("verify").code) == (before, 0)


def test_a_page_that_is_anothers_when_it_is_asked_for_once_more_is_what_the_portal_shows(archive, portal):
    other = two_releases(archive, portal)
    fill(portal, 3)
    crawl(archive, portal)
    portal.shown[f"{FOLDER}/ab12.files/2.html"] = other
    asked = [crawl(archive, portal).count(f"{FOLDER}/ab12.files/2.html") for _ in range(2)]
    assert asked == [2, 1]
    (change,) = archive.json("changes")
    said = [op["new"] for field in change["fields"] for op in field["ops"]]
    assert "다른 부처는 섬마을에 배를 한 척 더 띄운다." in said


def test_a_document_put_up_anew_is_asked_for_one_page_more(archive, portal):
    fill(portal, 5)
    crawl(archive, portal)
    anew = str(portal.shown[RELEASE]).replace("ab12", "ef56")
    portal.shown = {path.replace("ab12", "ef56"): shown for path, shown in portal.shown.items()} | {RELEASE: anew}
    portal.asked.clear()
    archive.ok("crawl", "--url", portal.url + RELEASE)
    assert [one.rpartition("/")[2] for one in portal.asked if "docViewer" in one][:3] == ["1.html", "1.html", "2.html"]
    assert archive.json("changes") == []
