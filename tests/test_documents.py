"""What files say: every format's blocks in order, what is lost said, and every bad file an outcome."""

from __future__ import annotations

import io
import re
import struct
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.documents import package as packages
from crawler.documents import text as limits
from crawler.documents.formats import FORMATS
from crawler.documents.pdf import paragraphs
from crawler.documents.reading import read, reader
from storage.records import Document
from tests import document_samples as made


def blocks(document: Document) -> list[tuple[str, str]]:
    assert document.outcome == "read", document
    return [(block.kind, block.text) for block in document.blocks]


HWPX = made.hwpx(
    made.p(made.t("1. 개요"), style=7)
    + made.p(made.t("지원 규모는 "), made.t("1,200억 원이다."))
    + made.p(made.t("앞") + made.tbl([["구분", "예산"], ["총액", "1,200"]], caption="표 1. 예산") + made.t("뒤"))
    + made.p(
        made.t("본문")
        + f"<hp:ctrl><hp:footNote><hp:subList>{made.p(made.t('각주다.'))}</hp:subList></hp:footNote></hp:ctrl>"
        + f'<hp:ctrl><hp:fieldBegin type="MEMO"><hp:subList>{made.p(made.t("확인 필요"))}</hp:subList></hp:fieldBegin>'
        "</hp:ctrl>"
    )
    + made.p('<hp:t>유지<hp:deleteBegin TcId="1"/>지움<hp:deleteEnd TcId="1"/><hp:insertBegin TcId="2"/>넣음</hp:t>')
)
_SECTION = (
    made.paragraph(0, "1. 개요", style=1)
    + made.paragraph(0, "지원 규모는 1,200억 원이다.")
    + made.paragraph(
        0,
        "앞".encode("utf-16-le") + made.anchor(11, "tbl ") + "뒤".encode("utf-16-le"),
        made.control(
            1,
            "tbl ",
            made.record(77, 2, bytes(20)),
            *(made.cell(2, *at) for at in ((0, 0, "구분"), (0, 1, "예산"), (1, 0, "총액"), (1, 1, "1,200"))),
        ),
    )
    + made.paragraph(
        0,
        "본문".encode("utf-16-le") + made.anchor(17, "fn  "),
        made.control(1, "fn  ", made.record(72, 2, bytes(16)), made.paragraph(2, "각주다.")),
    )
)
HWP = made.hwp(_SECTION)
_WORDS = "<w:p><w:r><w:t>글</w:t></w:r></w:p>"
ODT = made.odt("<text:h>제목</text:h><text:p>글<text:s/></text:p>")
DOCX = made.docx(f"{_WORDS}<w:tbl><w:tr><w:tc>{_WORDS}</w:tc><w:tc>{_WORDS}</w:tc></w:tr></w:tbl>")
PDF = made.pdf([["1. Outline of the whole plan", "short", "- point"], ["Page two."]])


def _sheet() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["구분", 1200.0, 3.5])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


SAMPLES = {
    "HWPX": HWPX,
    "HWP": HWP,
    "HWP unpacked": made.hwp(_SECTION, 0),
    "PDF": PDF,
    "ODT": ODT,
    "DOCX": DOCX,
    "XLSX": _sheet(),
    "PPTX": made.pptx(
        [
            made.slide(made.shape("2027년 예산안", placeholder="title") + made.shape("1,200억 원"), "3월 2일에 발표"),
            made.slide(made.shape("숨은 글"), hidden=True),
        ]
    ),
}
SAMPLES["ZIP"] = made.package({"자료/글.hwpx": HWPX, "글.pdf": PDF, "표.xlsx": SAMPLES["XLSX"], "표.csv": "가,1"})


def test_hwpx_gives_headings_tables_captions_notes_and_memos_in_order():
    document = read(HWPX)
    assert blocks(document) == [
        ("heading", "1. 개요"),
        ("paragraph", "지원 규모는 1,200억 원이다."),
        ("paragraph", "앞"),
        ("table", "구분\t예산\n총액\t1,200"),
        ("caption", "표 1. 예산"),
        ("paragraph", "뒤"),
        ("paragraph", "본문"),
        ("paragraph", "각주다."),
        ("paragraph", "[메모] 확인 필요"),
        ("paragraph", "유지넣음"),
    ]
    assert document.lost == (limits.NOTE_PLACES, limits.DELETIONS)


def test_hwpx_gives_text_art_glosses_and_one_form_of_what_stands_in_several():
    art = '<hp:textart text="첫 줄␍␊둘째 줄"><hp:sz width="1"/></hp:textart>'
    gloss = "<hp:dutmal><hp:mainText>대한민국</hp:mainText><hp:subText>大韓民國</hp:subText></hp:dutmal>"
    plain = "<hp:dutmal><hp:mainText>정부</hp:mainText><hp:subText/></hp:dutmal>"
    forms = (
        f'<hp:switch><hp:case hp:required-namespace="urn:later">{made.t("새 꼴")}</hp:case>'
        f"<hp:default>{made.t('두루 쓰는 꼴')}</hp:default></hp:switch>"
    )
    alone = f"<hp:switch><hp:case>{made.t('하나뿐')}</hp:case><hp:default/></hp:switch>"
    around = f"<hp:switch><hp:default>{made.p(made.t('문단째'))}</hp:default></hp:switch>"
    box = f"<hp:container>{art}</hp:container>"
    first = made.p(made.t("앞 "), gloss, made.t("의 "), plain)
    payload = made.hwpx(first + made.p(art) + made.p(forms) + made.p(alone) + around + made.p(box))
    assert blocks(read(payload)) == [
        ("paragraph", "앞 대한민국(大韓民國)의 정부"),
        ("paragraph", "첫 줄\n둘째 줄"),
        ("paragraph", "두루 쓰는 꼴"),
        ("paragraph", "하나뿐"),
        ("paragraph", "문단째"),
        ("paragraph", "첫 줄\n둘째 줄"),
    ]


def test_a_deletion_that_spans_paragraphs_is_left_out_as_a_whole():
    payload = made.hwpx(
        made.p('<hp:t>가<hp:deleteBegin TcId="1"/>나</hp:t>') + made.p('<hp:t>다<hp:deleteEnd TcId="1"/>라</hp:t>')
    )
    assert blocks(read(payload)) == [("paragraph", "가"), ("paragraph", "라")]


def test_a_table_of_one_cell_is_a_frame_and_its_paragraphs_stand_alone():
    said = made.p(made.t("첫째")) + made.p(made.t("둘째"))
    box = f"<hp:tbl><hp:tr><hp:tc><hp:subList>{said}</hp:subList></hp:tc></hp:tr></hp:tbl>"
    assert blocks(read(made.hwpx(made.p(box)))) == [("paragraph", "첫째"), ("paragraph", "둘째")]


def test_hwpx_sections_follow_the_spine():
    extra = made.hwpx(made.p(made.t("둘")))
    with zipfile.ZipFile(io.BytesIO(extra)) as one:
        second = one.read("Contents/section0.xml").decode()
    hpf = (
        '<package><manifest><item id="b" href="Contents/section1.xml"/><item id="a" href="Contents/section0.xml"/>'
        '</manifest><spine><itemref idref="b"/><itemref idref="a"/></spine></package>'
    )
    payload = made.hwpx(made.p(made.t("하나")), **{"Contents/section1.xml": second, "Contents/content.hpf": hpf})
    assert [text for _, text in blocks(read(payload))] == ["둘", "하나"]


def test_hwp_gives_the_same_as_hwpx():
    document = read(HWP)
    assert document.media_type == "application/x-hwp"
    assert blocks(document) == [
        ("heading", "1. 개요"),
        ("paragraph", "지원 규모는 1,200억 원이다."),
        ("paragraph", "앞"),
        ("table", "구분\t예산\n총액\t1,200"),
        ("paragraph", "뒤"),
        ("paragraph", "본문"),
        ("paragraph", "각주다."),
    ]
    assert document.lost == (limits.NOTE_PLACES,)


def test_hwp_hidden_comments_and_memos_are_named_as_such():
    comment = made.control(1, "tcmt", made.record(72, 2, bytes(16)), made.paragraph(2, "빼자"))
    payload = made.hwp(made.paragraph(0, "글".encode("utf-16-le") + made.anchor(15, "tcmt"), comment))
    assert blocks(read(payload)) == [("paragraph", "글"), ("paragraph", "[숨은 설명] 빼자")]


def test_hwp_gives_a_gloss_behind_its_letters_and_says_that_text_art_is_not_read():
    counted = [struct.pack("<H", len(one)) + one.encode("utf-16-le") for one in ("대한민국", "大韓民國")]
    gloss = made.record(71, 1, b"tdut"[::-1] + b"".join(counted))
    art = made.control(1, "gso ", made.record(76, 2), made.record(90, 3))
    text = "앞 ".encode("utf-16-le") + made.anchor(23, "tdut") + made.anchor(11, "gso ")
    document = read(made.hwp(made.paragraph(0, text, gloss, art)))
    assert blocks(document) == [("paragraph", "앞 대한민국(大韓民國)")]
    assert limits.PICTURES in document.lost


def test_hwp_says_that_deletions_of_change_tracking_stand_in_the_text():
    assert any("change tracking" in lost for lost in read(made.hwp(made.paragraph(0, "글"), 1 | 1 << 14)).lost)


@pytest.mark.parametrize("flags", [1 | 1 << 1, 1 | 1 << 4, 1 | 1 << 8])
def test_a_protected_hwp_is_encrypted_and_not_empty(flags: int):
    document = read(made.hwp(made.paragraph(0, "글"), flags))
    assert (document.outcome, document.text_sha256) == ("encrypted", None)


def test_an_older_hwp_is_unsupported():
    assert read(b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05" + bytes(200)).outcome == "unsupported"
    assert read(made.hwp(made.paragraph(0, "글"), version=0x06000000)).outcome == "unsupported"


def test_pdf_joins_wrapped_lines_and_keeps_what_begins_anew():
    document = read(made.pdf([["The plan of the ministry for the next year will be", "carried out.", "- point one"]]))
    assert [text for _, text in blocks(document)] == [
        "The plan of the ministry for the next year will be carried out.", "- point one",
    ]  # fmt: skip


def test_pdf_pages_stand_in_order():
    assert blocks(read(PDF))[-1] == ("paragraph", "Page two.")


def test_the_numbers_of_a_pdfs_pages_are_no_words_of_it():
    shown = [["First page.", "- 3 -"], ["- 4 -", "Second page."], ["5 / 9", "Third page."], ["Fourth page.", "- 6 -"]]
    document = read(made.pdf(shown))
    assert [text for _, text in blocks(document)] == ["First page.", "Second page.", "Third page.", "Fourth page."]
    assert limits.FOLIOS in document.lost


def test_what_was_put_on_a_pdfs_pages_later_stands_after_their_text():
    notes = b"".join(
        b"<< /Type /Annot /Subtype /%b /Rect [0 0 9 9] /Contents %b >>" % one
        for one in [
            (b"FreeText", b"(Corrected)"),
            (b"Text", b"<FEFFD655C778>"),
            (b"Link", b"(Home)"),
            (b"Widget", b"()"),
        ]
    )
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [%b] >>" % notes
    document = read(
        made.pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page])
    )
    assert [text for _, text in blocks(document)] == ["Corrected", "[메모] 확인"]
    assert limits.FIELDS in document.lost


@pytest.mark.parametrize("foot", ["1", "- 1 -"])
def test_a_line_that_ends_every_page_of_a_pdf_stands_once_before_them(foot: str):
    def printed(pages: list[list[str]]) -> list[tuple[str, str]]:
        return blocks(
            read(made.pdf([[*page, "The Ministry", foot.replace("1", f"{n}")] for n, page in enumerate(pages, 1)]))
        )

    said = ["First.", "Second.", "Third.", "Fourth."]
    expected = [("paragraph", text) for text in ["The Ministry", *said]]
    assert printed([said[:2], said[2:]]) == printed([said[:1], said[1:3], said[3:]]) == expected


def test_numbers_of_pages_that_stand_within_what_ends_every_page_are_said_to_be_left_out():
    document = read(
        made.pdf([[f"Page {word}.", f"- {n} -", "The Ministry"] for n, word in enumerate(("one", "two"), 1)])
    )
    assert [text for _, text in blocks(document)] == ["The Ministry", "Page one.", "Page two."]
    assert limits.FOLIOS in document.lost
    assert limits.FOLIOS not in read(made.pdf([["One.", "The Ministry"], ["Two.", "The Ministry"]])).lost


@pytest.mark.parametrize("line", ["The same.", "Other"])
def test_a_line_that_ends_some_pages_or_a_sentence_stands_where_it_stood(line: str):
    said = [["One.", "Other"], ["Two.", "Other"], ["Three.", "Head"]] if line != "The same." else [["One.", line]] * 2
    assert [text for _, text in blocks(read(made.pdf(said)))] == [text for page in said for text in page]


@pytest.mark.parametrize("hyphen", "\u2010\u00ad")
def test_a_word_that_was_hyphenated_at_the_end_of_a_line_is_one_word(hyphen: str):
    assert paragraphs([f"The plan for infra{hyphen}", "structure", "is"]) == ["The plan for infrastructure", "is"]


@pytest.mark.parametrize("shown", [[["Total", "1"]], [["Total", "10"], ["Total", "20"], ["Rest", "3"]]])
def test_a_number_that_counts_no_pages_stays(shown):
    assert " ".join(text for _, text in blocks(read(made.pdf(shown)))) == " ".join(
        line for page in shown for line in page
    )


@pytest.mark.parametrize("before", [b"\r\n\r\n", b"\xef\xbb\xbf", b"X-Sent: by a servlet\r\n\r\n"])
def test_a_pdf_that_does_not_begin_at_once_is_read(before):
    assert blocks(read(before + PDF)) == blocks(read(PDF))


def parts_of(payload: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(payload)) as package:
        return {one: package.read(one) for one in package.namelist()}


def test_a_package_that_was_packed_again_is_what_it_was():
    again = {"META-INF/container.xml": b"<container/>"} | parts_of(HWPX)
    assert blocks(read(made.package(again))) == blocks(read(HWPX))


def test_a_scanned_pdf_has_no_text_and_says_so():
    document = read(made.pdf([[]]))
    assert (document.outcome, document.text_sha256) == ("no-text", None)
    assert any("text layer" in lost for lost in document.lost)


def test_a_pdf_with_a_password_is_encrypted():
    entry = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (%b) /U (%b) /P -4 >> /ID [(0123456789abcdef) (0123456789abcdef)]"
    )
    payload = made.pdf_of(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"], entry % (b"o" * 32, b"u" * 32)
    )
    assert read(payload).outcome == "encrypted"


def test_odt_gives_headings_lists_tables_notes_and_annotations():
    cells = "".join(f"<table:table-cell><text:p>{said}</text:p></table:table-cell>" for said in ("가", "나"))
    document = read(
        made.odt(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>지움</text:p></text:deletion>"
            "</text:changed-region></text:tracked-changes>"
            '<text:h>제목</text:h><text:p>한<text:s text:c="2"/>줄<text:note><text:note-body><text:p>각주</text:p>'
            "</text:note-body></text:note></text:p><text:list><text:list-item><text:p>항목</text:p></text:list-item>"
            f"</text:list><table:table><table:table-row>{cells}</table:table-row></table:table>"
            "<text:p>끝<office:annotation><dc:creator>누구</dc:creator><text:p>의견</text:p></office:annotation></text:p>"
        )
    )
    assert blocks(document) == [
        ("heading", "제목"), ("paragraph", "한 줄"), ("paragraph", "각주"), ("list-item", "항목"), ("table", "가\t나"),
        ("paragraph", "끝"), ("paragraph", "[메모] 의견"),
    ]  # fmt: skip
    assert limits.DELETIONS in document.lost


def test_odt_cells_and_rows_that_are_repeated_stand_as_often():
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    twice = ' table:number-columns-repeated="2"'
    table = (
        f"<table:table><table:table-row>{cell.format('', '가')}<table:table-cell{twice}/>{cell.format('', '나')}"
        f'</table:table-row><table:table-row table:number-rows-repeated="2">{cell.format(twice, "0")}</table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    assert blocks(read(made.odt(table))) == [("table", "가\t\t\t나\n0\t0\n0\t0")]


def test_an_odt_table_that_repeats_without_end_is_too_large():
    many = 'table:number-{}-repeated="999999999"'
    table = (
        f"<table:table><table:table-row {many.format('rows')}><table:table-cell {many.format('columns')}>"
        "<text:p>가나다라</text:p></table:table-cell><table:table-cell/></table:table-row></table:table>"
    )
    assert read(made.odt(table)).outcome == "too-large"


def test_a_docx_whose_parts_have_other_names_is_read():
    run = "<w:r><w:t>{}</w:t></w:r>"
    text = f'<w:p>{run.format("글")}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    usual = made.docx(text, footnotes=f'<w:footnote w:id="2"><w:p>{run.format("각주")}</w:p></w:footnote>')
    parts = parts_of(usual)
    parts["word/document2.xml"] = parts.pop("word/document.xml")
    parts["word/footnotes2.xml"] = parts.pop("word/footnotes.xml")
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"word/document.xml", b"/word/document2.xml")
    parts["word/_rels/document2.xml.rels"] = (
        b'<Relationships><Relationship Id="r2" Target="footnotes2.xml"'
        b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"/></Relationships>'
    )
    assert blocks(read(made.package(parts))) == blocks(read(usual)) == [("paragraph", "글"), ("paragraph", "각주")]


def test_docx_keeps_tables_in_place_and_leaves_out_deletions():
    run = "<w:r><w:t>{}</w:t></w:r>"
    cells = "".join(f"<w:tc><w:p>{run.format(said)}</w:p></w:tc>" for said in ("가", "나"))
    document = read(
        made.docx(
            f'<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr>{run.format("제목")}</w:p>'
            f"<w:tbl><w:tr>{cells}</w:tr></w:tbl><w:p>{run.format('글')}<w:ins>{run.format('넣음')}</w:ins>"
            '<w:del><w:r><w:delText>지움</w:delText></w:r></w:del><w:r><w:footnoteReference w:id="2"/></w:r>'
            '<w:r><w:commentReference w:id="0"/></w:r></w:p>',
            styles='<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>',
            footnotes=f'<w:footnote w:id="2"><w:p>{run.format("각주")}</w:p></w:footnote>',
            comments=f'<w:comment w:id="0"><w:p>{run.format("의견")}</w:p></w:comment>',
        )
    )
    assert blocks(document) == [
        ("heading", "제목"), ("table", "가\t나"), ("paragraph", "글넣음"), ("paragraph", "각주"),
        ("paragraph", "[메모] 의견"),
    ]  # fmt: skip
    assert limits.DELETIONS in document.lost


def test_a_docx_note_that_refers_to_itself_ends():
    inner = '<w:p><w:r><w:t>글</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    assert [
        text for _, text in blocks(read(made.docx(inner, footnotes=f'<w:footnote w:id="2">{inner}</w:footnote>')))
    ] == ["글", "글"]


def test_xlsx_gives_each_sheet_under_its_name():
    book = openpyxl.Workbook()
    book.active.title = "예산"
    book.active.append(["구분", 1200.0, 3.5])
    book.create_sheet("둘째").append([None, "값"])
    buffer = io.BytesIO()
    book.save(buffer)
    assert blocks(read(buffer.getvalue())) == [
        ("heading", "예산"), ("table", "구분\t1200\t3.5"), ("heading", "둘째"), ("table", "\t값"),
    ]  # fmt: skip


def test_a_zip_is_listed_and_not_unpacked():
    assert blocks(read(made.package({"../../etc/자료.hwpx": b"x" * 10, "b.txt": ""}))) == [
        ("table", "../../etc/자료.hwpx\t10\toedfknnn\nb.txt\t0\tgggggggg")
    ]


def altered(payload: bytes, **parts: str) -> bytes:
    """Give a package with other parts: ``xl__workbook.xml`` is ``xl/workbook.xml``."""
    return made.package({**parts_of(payload), **{name.replace("__", "/"): said for name, said in parts.items()}})


def test_xlsx_gives_the_text_boxes_of_each_sheet_after_it_and_once():
    book = openpyxl.Workbook()
    book.active.append(["구분"])
    book.create_sheet("둘째").append(["인원"])
    buffer = io.BytesIO()
    book.save(buffer)
    box = "<x:txBody><x:p><x:t>잠정치이며 </x:t><x:t>확정 전이다</x:t></x:p></x:txBody>"
    payload = altered(
        buffer.getvalue(),
        **{
            "xl__worksheets___rels__sheet1.xml.rels": '<R><r Id="d" Type="o/drawing" Target="../drawings/d.xml"/></R>',
            "xl__drawings__d.xml": f'<x:wsDr xmlns:x="x"><x:sp>{box}</x:sp><x:Fallback>{box}</x:Fallback></x:wsDr>',
        },
    )
    assert blocks(read(payload)) == [
        ("heading", "Sheet"), ("table", "구분"), ("paragraph", "잠정치이며 확정 전이다"),
        ("heading", "둘째"), ("table", "인원"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "shown"), [("0.30000000000000004", "0.3"), ("1.1E+15", "1100000000000000"), ("1E+30", "1e+30")]
)
def test_xlsx_numbers_have_the_digits_that_a_cell_can_show(kept: str, shown: str):
    sheet = parts_of(_sheet())["xl/worksheets/sheet1.xml"].decode()
    other = altered(_sheet(), **{"xl__worksheets__sheet1.xml": sheet.replace("<v>3.5</v>", f"<v>{kept}</v>")})
    assert blocks(read(other))[1] == ("table", f"구분\t1200\t{shown}")


def test_docx_boxes_that_are_ticked_are_told_from_empty_ones():
    run = '<w:r><w:sym w:font="{}" w:char="{}"/><w:t> 대상</w:t></w:r>'
    said = [run.format(*one) for one in (("Wingdings", "F0FE"), ("Wingdings", "F0A8"), ("Symbol", "F0B7"), ("x", "?"))]
    document = read(made.docx("".join(f"<w:p>{one}</w:p>" for one in said)))
    assert [text for _, text in blocks(document)] == ["☑ 대상", "□ 대상", "\uf0b7 대상", "대상"]


def test_hwpx_gives_what_the_fields_of_a_form_show_and_hwp_says_that_it_does_not():
    said = [
        '<hp:checkBtn caption="동의함"/>',
        '<hp:comboBox selectedValue="경남"/>',
        "<hp:edit><hp:text>이름</hp:text></hp:edit>",
    ]
    assert [text for _, text in blocks(read(made.hwpx("".join(made.p(one) for one in said))))] == [
        "동의함",
        "경남",
        "이름",
    ]
    form = made.paragraph(0, "글".encode("utf-16-le") + made.anchor(11, "form"), made.control(1, "form"))
    assert limits.FIELDS in read(made.hwp(form)).lost


@pytest.mark.parametrize(
    "payload",
    [
        made.docx("<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>글</w:t></w:r></w:p>"),
        made.odt("<text:list><text:list-item><text:p>글</text:p></text:list-item></text:list>"),
        made.hwpx(
            made.p(made.t("글")).replace("<hp:p ", '<hp:p paraPrIDRef="3" '),
            **{"Contents/header.xml": '<head><paraPr id="3"><heading type="NUMBER"/></paraPr></head>'},
        ),
        made.hwp(made.paragraph(0, "글"), forms=[1 << 24]),
    ],
)
def test_numbers_that_are_set_before_paragraphs_are_said_to_be_lost(payload: bytes):
    assert limits.COUNTED in read(payload).lost
    assert not any(limits.COUNTED in read(one).lost for one in (HWPX, HWP, DOCX, made.odt("<text:p>글</text:p>")))


def test_odt_words_in_a_shape_stand_after_the_paragraph_in_which_it_is():
    shape = "<draw:g><draw:custom-shape><text:p>상자</text:p></draw:custom-shape></draw:g>"
    assert [text for _, text in blocks(read(made.odt(f"<text:p>앞{shape}뒤</text:p>")))] == ["앞뒤", "상자"]


def test_odt_says_that_headers_are_not_read():
    document = read(made.odt("<text:p>글</text:p>", **{"styles.xml": "<s><header>2026. 9. 15.</header></s>"}))
    assert limits.MARGINS in document.lost


@pytest.mark.parametrize("encoding", ["cp949", "utf-8"])
def test_the_names_in_a_zip_are_read_as_they_were_written(encoding: str):
    said = "지원 계획.csv".encode(encoding)
    payload = made.package({"a" * len(said): "x"}).replace(b"a" * len(said), said)
    assert blocks(read(payload)) == blocks(read(made.package({"지원 계획.csv": "x"})))


def test_another_file_of_the_same_size_in_a_zip_is_seen():
    one, other = (read(made.package({"표.csv": said})) for said in ("하동,35", "하동,45"))
    assert one.text_sha256 != other.text_sha256


def test_a_member_without_a_name_is_listed():
    payload = made.package({"ab": b"x"}).replace(b"ab", b"\0b")
    assert blocks(read(payload)) == [("table", "\t1\tocdchmoj")]


@pytest.mark.parametrize(
    ("payload", "outcome"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><head><title>Error</title></head><body></body></html>", "error-page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "unsupported"),
        (b"PK\x03\x04" + bytes(40), "corrupt"),
        (b"%PDF-1.7\nnothing", "corrupt"),
        (made.package({"mimetype": "application/hwp+zip"}), "corrupt"),
        (made.hwpx("<hp:p>"), "corrupt"),
        (made.hwpx("", **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "encrypted"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_has_an_outcome_and_no_text(payload: bytes, outcome: str):
    document = read(payload)
    assert (document.outcome, document.blocks, document.text_sha256) == (outcome, (), None)


def test_entities_are_never_expanded():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    section = f'<!DOCTYPE s [{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]><s><p><run><t>&l11;&f;</t></run></p></s>'
    document = read(made.hwpx("", **{"Contents/section0.xml": section}))
    assert (document.outcome, "entities" in document.detail) == ("corrupt", True)


def test_a_zip_bomb_is_too_large(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(packages, "MAX_XML", 100_000)
    assert read(made.hwpx(made.p(made.t("가" * 200_000)))).outcome == "too-large"


def test_an_hwp_stream_that_unpacks_without_end_is_too_large(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("crawler.documents.text.MAX_UNPACKED", 100_000)
    assert read(made.hwp(made.paragraph(0, "가" * 100_000))).outcome == "too-large"


def test_deep_nesting_is_too_large():
    deep = made.t("바닥")
    for _ in range(60):
        deep = f"<hp:tbl><hp:tr><hp:tc><hp:subList>{made.p(deep)}</hp:subList></hp:tc></hp:tr></hp:tbl>"
    assert read(made.hwpx(made.p(deep))).outcome == "too-large"
    levels = b"".join(made.record(66, level, bytes(22)) for level in range(1000))
    assert read(made.hwp(levels)).outcome == "too-large"


def test_a_text_of_too_many_characters_is_too_large(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_CHARACTERS", 10)
    assert read(HWPX).outcome == "too-large"


def test_control_characters_and_lone_surrogates_are_not_text():
    payload = made.hwp(made.paragraph(0, struct.pack("<4H", 0xD800, 0x41, 0xDFFF, 0xAC00)))
    assert read(payload).text == "\ufffdA\ufffd가"


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_has_an_outcome(name: str, data: st.DataObject):
    payload = bytearray(SAMPLES[name])
    for _ in range(data.draw(st.integers(1, 8))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(payload)))
    for damaged in (bytes(payload), bytes(payload[:cut])):
        document = read(damaged)
        assert (document.text_sha256 is not None) == (document.outcome == "read")
        assert read(damaged) == document


@pytest.mark.parametrize("name", ["HWPX", "ODT", "DOCX", "XLSX", "PPTX"])
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_part_in_a_sound_package_has_an_outcome(name: str, data: st.DataObject):
    parts = parts_of(SAMPLES[name])
    chosen = data.draw(st.sampled_from([one for one in parts if one.endswith(".xml")]))
    part = bytearray(parts[chosen])
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(part) - 1))
        part[start : start + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=3) | st.just(b"<w:p>"))
        part = part or bytearray(b"<")
    document = read(made.package({**parts, chosen: bytes(part)}))
    assert (document.text_sha256 is not None) == (document.outcome == "read")


@pytest.mark.parametrize("name", ["HWPX", "ODT", "DOCX", "XLSX", "PPTX"])
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_numbers_out_of_range_in_a_sound_package_have_an_outcome(name: str, data: st.DataObject):
    parts = parts_of(SAMPLES[name])
    chosen = data.draw(st.sampled_from([one for one in parts if re.search(rb"\d", parts[one])]))
    wild = data.draw(st.sampled_from([b"-1", b"99999999999999999999", b"x", b"", b"1e9", b"A99999999"]))
    places = [hit.span() for hit in re.finditer(rb"\d+", parts[chosen])]
    start, end = data.draw(st.sampled_from(places))
    document = read(made.package({**parts, chosen: parts[chosen][:start] + wild + parts[chosen][end:]}))
    assert (document.text_sha256 is not None) == (document.outcome == "read")


def test_the_reader_has_a_digest_that_names_its_libraries(monkeypatch: pytest.MonkeyPatch):
    known = reader()
    reader.cache_clear()
    monkeypatch.setattr("crawler.documents.reading.metadata.version", lambda name: "99")
    assert reader() != known
    reader.cache_clear()


@pytest.mark.parametrize("payload", [HWPX, HWP, PDF, made.pdf([[]]), made.package({"a": "b"})])
def test_what_is_lost_is_what_the_format_is_said_to_lose(payload: bytes):
    document = read(payload)
    assert document.lost
    assert set(document.lost) <= set(FORMATS[document.media_type or ""].lost)


def test_every_format_has_a_reader():
    assert {one.name for one in FORMATS.values()} == {"HWPX", "HWP 5", "PDF", "ODT", "DOCX", "XLSX", "PPTX", "ZIP"}
