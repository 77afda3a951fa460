"""What presentations say: slides in their order, hidden ones named, titles, boxes, tables, diagrams, notes, memos."""

from __future__ import annotations

import pytest

from crawler.documents import text as limits
from crawler.documents.pptx import HIDDEN
from crawler.documents.reading import read
from tests import document_samples as made
from tests.test_documents import blocks

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def of(inner: str, notes: str = "", **more: str | bytes) -> list[tuple[str, str]]:
    return blocks(read(made.pptx([made.slide(inner, notes)], **more)))


def test_slides_stand_in_the_order_in_which_they_are_shown_hidden_ones_too():
    document = read(
        made.pptx(
            [
                made.slide(made.shape("2027년 예산안", placeholder="ctrTitle"), "3월 2일에 발표한다."),
                made.slide(made.shape("예비"), hidden=True),
                made.slide(made.shape("끝")),
            ]
        )
    )
    assert blocks(document) == [
        ("heading", "2027년 예산안"),
        ("paragraph", "[슬라이드 노트] 3월 2일에 발표한다."),
        ("paragraph", HIDDEN),
        ("paragraph", "예비"),
        ("paragraph", "끝"),
    ]
    assert document.lost == ()
    assert all(text.startswith(limits.ASIDES) == (number == 1) for number, (_, text) in enumerate(blocks(document)))


def test_boxes_groups_and_breaks_stand_in_order_and_what_says_it_once_more_for_older_programs_does_not():
    runs = "<a:r><a:t>한 </a:t></a:r><a:r><a:t>줄</a:t></a:r><a:br/><a:r><a:t>둘째</a:t></a:r>"
    group = f"<p:grpSp><p:grpSpPr/>{made.shape('묶음')}</p:grpSp>"
    forms = f"<x:Choice>{made.shape('새 꼴')}</x:Choice><x:Fallback>{made.shape('옛 꼴')}</x:Fallback>"
    twice = f'<x:AlternateContent xmlns:x="x">{forms}</x:AlternateContent>'
    assert of(made.shape(runs, "") + group + twice) == [
        ("paragraph", "한 줄\n둘째"), ("paragraph", "묶음"), ("paragraph", "새 꼴"),
    ]  # fmt: skip


def cell(said: str, **marks: str) -> str:
    merged = "".join(f' {name}="{value}"' for name, value in marks.items())
    return f"<a:tc{merged}><a:txBody><a:p><a:r><a:t>{said}</a:t></a:r></a:p></a:txBody></a:tc>"


def frame(inner: str) -> str:
    return f"<p:graphicFrame><a:graphic><a:graphicData>{inner}</a:graphicData></a:graphic></p:graphicFrame>"


def test_a_cell_that_another_one_covers_says_nothing():
    rows = [
        cell("구분", gridSpan="2") + cell("", hMerge="1") + cell("비고", rowSpan="2"),
        cell("총액") + cell("1,200억 원") + cell("남은 글", vMerge="1"),
        cell("국비") + cell("900억 원") + cell("잠정"),
    ]
    table = f"<a:tbl>{''.join(f'<a:tr>{row}</a:tr>' for row in rows)}</a:tbl>"
    assert of(frame(table)) == [("table", "구분\t비고\n총액\t1,200억 원\n국비\t900억 원\t잠정")]
    assert of(frame(table.replace('="1"', '="true"'))) == of(frame(table))
    assert of(frame(f"<a:tbl><a:tr>{cell('테두리')}</a:tr></a:tbl>")) == [("paragraph", "테두리")]


def test_a_diagram_gives_its_words_and_a_chart_is_said_to_be_lost():
    point = "<d:pt{}><d:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></d:t></d:pt>"
    points = point.format("", "신청") + point.format(' type="sibTrans"', "사이") + point.format(' type="node"', "심사")
    points += point.format(' type="asst"', "보좌")
    parts: dict[str, str | bytes] = {
        "ppt/slides/_rels/slide1.xml.rels": f'<R><r Id="d" Type="{_REL}/diagramData" Target="../diagrams/d.xml"/></R>',
        "ppt/diagrams/d.xml": f'<d:dataModel xmlns:d="d" xmlns:a="a"><d:ptLst>{points}</d:ptLst></d:dataModel>',
    }
    said = of(frame('<d:relIds xmlns:d="d" r:dm="d"/>'), **parts)
    assert said == [("paragraph", "신청"), ("paragraph", "심사"), ("paragraph", "보좌")]


@pytest.mark.parametrize("picture", [frame('<c:chart xmlns:c="c"/>'), "<p:pic/>", "<p:contentPart/>"])
def test_what_a_slide_shows_without_words_is_said_to_be_lost(picture: str):
    document = read(made.pptx([made.slide(made.shape("글") + picture)]))
    assert (blocks(document), document.lost) == ([("paragraph", "글")], (limits.PICTURES,))


def test_comments_of_both_kinds_are_memos_with_their_answers():
    modern = (
        '<c:cmLst xmlns:c="c" xmlns:a="a"><c:cm><c:replyLst><c:reply><c:txBody><a:p><a:r><a:t>답</a:t></a:r></a:p>'
        "</c:txBody></c:reply></c:replyLst><c:txBody><a:p><a:r><a:t>물음</a:t></a:r></a:p></c:txBody></c:cm></c:cmLst>"
    )
    parts: dict[str, str | bytes] = {
        "ppt/slides/_rels/slide1.xml.rels": f'<R><r Id="a" Type="{_REL}/comments" Target="../comments/c1.xml"/>'
        '<r Id="b" Type="http://schemas.microsoft.com/office/2018/10/relationships/comments"'
        ' Target="../comments/c2.xml"/></R>',
        "ppt/comments/c1.xml": '<c:cmLst xmlns:c="c"><c:cm><c:text>확인 필요</c:text></c:cm></c:cmLst>',
        "ppt/comments/c2.xml": modern,
    }
    said = ["글", "[메모] 확인 필요", "[메모] 물음", "[메모] 답"]
    assert [text for _, text in of(made.shape("글"), **parts)] == said


_MARK = "<a:pPr><a:{}/></a:pPr><a:r><a:t>글</a:t></a:r>"
_NUMBER = "<a:fld type='slidenum'><a:t>7</a:t></a:fld>"


@pytest.mark.parametrize(
    ("shape", "lost"),
    [
        (made.shape("<a:r><a:t>글 </a:t></a:r><a:fld type='datetime1'><a:t>2026-09-15</a:t></a:fld>"), limits.COUNTED),
        *((made.shape(_MARK.format(mark)), limits.COUNTED) for mark in ("buAutoNum", "buChar", "buBlip")),
        *((made.shape("글", placeholder=kind), limits.COUNTED) for kind in ("", "body", "obj")),
        *((made.shape("글") + made.shape("대외비", placeholder=kind), limits.MARGINS) for kind in ("hdr", "ftr", "dt")),
        (made.shape("글") + made.shape(_NUMBER, placeholder="sldNum"), limits.MARGINS),
        (made.shape("글") + made.shape("", placeholder="ftr"), None),
        (made.shape("글") + made.shape("", placeholder="body"), None),
        (made.shape("글", placeholder="pic"), None),
    ],
)
def test_what_the_program_sets_itself_is_said_to_be_lost_where_there_is_any(shape: str, lost: str | None):
    document = read(made.pptx([made.slide(shape)]))
    assert (blocks(document), document.lost) == ([("paragraph", "글")], (lost,) if lost else ())


@pytest.mark.parametrize(
    ("beneath", "lost"),
    [
        (made.shape("부처 이름"), (limits.MARGINS,)),
        (f"<p:grpSp>{made.shape('부처 이름')}</p:grpSp>", (limits.MARGINS,)),
        (frame(f"<a:tbl><a:tr>{cell('부처 이름')}</a:tr></a:tbl>"), (limits.MARGINS,)),
        (made.shape("제목을 넣으시오", placeholder="title"), ()),
        (made.shape(" "), ()),
        ("<p:pic/>", ()),
    ],
)
@pytest.mark.parametrize("at", ["l", "m"])
def test_words_that_lie_beneath_a_slide_are_said_to_be_lost(beneath: str, lost: tuple[str, ...], at: str):
    tree = '<p:l xmlns:p="p" xmlns:a="a"><p:spTree>{}</p:spTree></p:l>'
    parts: dict[str, str | bytes] = {
        "ppt/slides/_rels/slide1.xml.rels": f'<R><r Id="a" Type="{_REL}/slideLayout" Target="../l/l.xml"/></R>',
        "ppt/l/_rels/l.xml.rels": f'<R><r Id="b" Type="{_REL}/image" Target="i.png"/>'
        f'<r Id="a" Type="{_REL}/slideMaster" Target="m.xml"/></R>',
        "ppt/l/l.xml": tree.format(made.shape("제목을 넣으시오", placeholder="title")),
        "ppt/l/m.xml": tree.format(""),
        "ppt/l/i.png": b"\x89PNG",
    }
    parts[f"ppt/l/{at}.xml"] = tree.format(beneath)
    document = read(made.pptx([made.slide(made.shape("글"))], **parts))
    assert (blocks(document), document.lost) == ([("paragraph", "글")], lost)


def test_the_slides_are_those_that_the_presentation_lists_and_no_masters():
    names = f'xmlns:p="p" xmlns:r="{_REL}"'
    relation = '<r Id="{}" Type="' + _REL + '/{}" Target="{}"/>'
    title = made.shape("예비", placeholder="title")
    inner = f'<p:sld xmlns:p="p" xmlns:a="a" show="false"><p:spTree>{title}</p:spTree></p:sld>'
    said = made.package(
        {
            "[Content_Types].xml": "<T/>",
            "_rels/.rels": f"<R>{relation.format('t', 'thumbnail', 'docProps/t.jpeg')}"
            f"{relation.format('r', 'officeDocument', 'ppt/발표.xml')}</R>",
            "docProps/t.jpeg": b"\xff\xd8\xff",
            "ppt/발표.xml": f'<p:presentation {names}><p:sldMasterIdLst><p:sldMasterId r:id="m"/></p:sldMasterIdLst>'
            '<p:sldIdLst><p:sldId r:id="s"/><p:sldId r:id="gone"/><p:sldId/></p:sldIdLst></p:presentation>',
            "ppt/_rels/발표.xml.rels": f"<R>{relation.format('m', 'slideMaster', 'm.xml')}"
            f"{relation.format('s', 'slide', 's.xml')}{relation.format('gone', 'slide', 'gone.xml')}</R>",
            "ppt/m.xml": f'<p:m xmlns:p="p" xmlns:a="a"><p:spTree>{made.shape("부처 이름")}</p:spTree></p:m>',
            "ppt/s.xml": inner,
        }
    )
    assert blocks(read(said)) == [("paragraph", HIDDEN), ("heading", "예비")]


def test_a_presentation_without_its_main_part_is_damaged_and_one_without_words_has_no_text():
    assert read(made.package({"[Content_Types].xml": "<T/>", "ppt/slides/slide1.xml": "<s/>"})).outcome == "corrupt"
    assert read(made.pptx([])).outcome == "no-text"
    without = frame('<d:relIds xmlns:d="d" r:dm="d"/>')
    for parts in ({}, {"ppt/slides/slide1.xml": "<s/>"}):
        assert read(made.pptx([made.slide(without)], **parts)).outcome == "no-text"
