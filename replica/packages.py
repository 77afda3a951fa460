"""Write documents that are ZIP packages of XML: HWPX, ODT, DOCX, XLSX."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from replica.lines import Table, parts_of
from replica.stored import zip_file

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_HWPML = "http://www.hancom.co.kr/hwpml/2011"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_OOXML = "http://schemas.openxmlformats.org"
_WORD = f"{_OOXML}/wordprocessingml/2006/main"
_SHEET = f"{_OOXML}/spreadsheetml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument"


def hwpx_bytes(lines: Sequence[str]) -> bytes:
    """Write an HWPX document (KS X 6101, OWPML): ``mimetype`` first and stored, the text in ``section0.xml``."""
    body = "".join(_hwp_part(part, number) for number, part in enumerate(parts_of(lines)))
    section = (
        f'<hs:sec xmlns:hs="{_HWPML}/section" xmlns:hp="{_HWPML}/paragraph" xmlns:hc="{_HWPML}/core">{body}</hs:sec>'
    )
    return zip_file(
        {
            "mimetype": "application/hwp+zip",
            "version.xml": _XML
            + f'<hv:HCFVersion xmlns:hv="{_HWPML}/version" tagetApplication="WORDPROCESSOR" major="5"'
            ' minor="1" micro="0" buildNumber="1" os="1" xmlVersion="1.4" application="replica" appVersion="1"/>',
            "META-INF/container.xml": _XML
            + '<ocf:container xmlns:ocf="urn:oasis:names:tc:opendocument:xmlns:container"><ocf:rootfiles>'
            '<ocf:rootfile full-path="Contents/content.hpf" media-type="application/hwpml-package+xml"/>'
            "</ocf:rootfiles></ocf:container>",
            "Contents/content.hpf": _XML
            + '<opf:package xmlns:opf="http://www.idpf.org/2007/opf/" version="" unique-identifier="" id="">'
            "<opf:metadata><opf:language>ko</opf:language></opf:metadata><opf:manifest>"
            '<opf:item id="header" href="Contents/header.xml" media-type="application/xml"/>'
            '<opf:item id="section0" href="Contents/section0.xml" media-type="application/xml"/>'
            '<opf:item id="settings" href="settings.xml" media-type="application/xml"/>'
            '</opf:manifest><opf:spine><opf:itemref idref="header" linear="yes"/>'
            '<opf:itemref idref="section0" linear="yes"/></opf:spine></opf:package>',
            "Contents/header.xml": _XML + _HWPX_HEADER,
            "Contents/section0.xml": _XML + section,
            "settings.xml": _XML + f'<ha:HWPApplicationSetting xmlns:ha="{_HWPML}/app"/>',
            "Preview/PrvText.txt": "\r\n".join(line.replace("\t", "><") for line in lines),
        }
    )


_LANGUAGES = ("HANGUL", "LATIN", "HANJA", "JAPANESE", "OTHER", "SYMBOL", "USER")
_EACH = " ".join(f'{one.lower()}="{{}}"' for one in _LANGUAGES)
_HWPX_HEADER = (
    f'<hh:head xmlns:hh="{_HWPML}/head" xmlns:hc="{_HWPML}/core" version="1.4" secCnt="1">'
    '<hh:beginNum page="1" footnote="1" endnote="1" pic="1" tbl="1" equation="1"/><hh:refList>'
    '<hh:fontfaces itemCnt="7">'
    + "".join(
        f'<hh:fontface lang="{one}" fontCnt="1">'
        '<hh:font id="0" face="함초롬바탕" type="TTF" isEmbedded="0"/></hh:fontface>'
        for one in _LANGUAGES
    )
    + '</hh:fontfaces><hh:borderFills itemCnt="1"><hh:borderFill id="1" threeD="0" shadow="0" centerLine="NONE"'
    ' breakCellSeparateLine="0"/></hh:borderFills>'
    '<hh:charProperties itemCnt="1"><hh:charPr id="0" height="1000" textColor="#000000" shadeColor="none"'
    ' useFontSpace="0" useKerning="0" symMark="NONE" borderFillIDRef="1"><hh:fontRef '
    + _EACH.format(*["0"] * 7)
    + "/></hh:charPr></hh:charProperties>"
    '<hh:paraProperties itemCnt="1"><hh:paraPr id="0" tabPrIDRef="0" condense="0" fontLineHeight="0" snapToGrid="1">'
    '<hh:align horizontal="JUSTIFY" vertical="BASELINE"/></hh:paraPr></hh:paraProperties>'
    '<hh:styles itemCnt="1"><hh:style id="0" type="PARA" name="바탕글" engName="Normal" paraPrIDRef="0" charPrIDRef="0"'
    ' nextStyleIDRef="0" langID="1042" lockForm="0"/></hh:styles></hh:refList></hh:head>'
)


def _hwp_part(part: str | Table, number: int) -> str:
    if isinstance(part, str):
        return _hwp_paragraph(f"<hp:t>{escape(part)}</hp:t>", number)
    columns = max(len(row) for row in part.rows)
    rows = "".join(
        "<hp:tr>" + "".join(_hwp_cell(cell, row, column) for column, cell in enumerate(cells)) + "</hp:tr>"
        for row, cells in enumerate(part.rows)
    )
    table = (
        f'<hp:tbl id="{1000 + number}" zOrder="0" numberingType="TABLE" textWrap="TOP_AND_BOTTOM" textFlow="BOTH_SIDES"'
        f' lock="0" dropcapstyle="None" pageBreak="CELL" repeatHeader="1" rowCnt="{len(part.rows)}" colCnt="{columns}"'
        f' cellSpacing="0" borderFillIDRef="1" noAdjust="0">{rows}</hp:tbl>'
    )
    return _hwp_paragraph(table, number)


def _hwp_paragraph(inside: str, number: int) -> str:
    return (
        f'<hp:p id="{number}" paraPrIDRef="0" styleIDRef="0" pageBreak="0" columnBreak="0" merged="0">'
        f'<hp:run charPrIDRef="0">{inside}</hp:run></hp:p>'
    )


def _hwp_cell(text: str, row: int, column: int) -> str:
    return (
        '<hp:tc name="" header="0" hasMargin="0" protect="0" editable="0" dirty="0" borderFillIDRef="1">'
        '<hp:subList id="" textDirection="HORIZONTAL" lineWrap="BREAK" vertAlign="CENTER">'
        + _hwp_paragraph(f"<hp:t>{escape(text)}</hp:t>", 0)
        + f'</hp:subList><hp:cellAddr colAddr="{column}" rowAddr="{row}"/><hp:cellSpan colSpan="1" rowSpan="1"/>'
        '<hp:cellSz width="10000" height="1000"/></hp:tc>'
    )


def odt_bytes(lines: Sequence[str]) -> bytes:
    """Write an OpenDocument text (ISO/IEC 26300): ``mimetype`` first and stored, the text in ``content.xml``."""
    body = "".join(
        f"<text:p>{escape(part)}</text:p>"
        if isinstance(part, str)
        else '<table:table table:name="표">'
        f'<table:table-column table:number-columns-repeated="{max(map(len, part.rows))}"/>'
        + "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
                for cell in row
            )
            + "</table:table-row>"
            for row in part.rows
        )
        + "</table:table>"
        for part in parts_of(lines)
    )
    names = f'xmlns:office="{_OFFICE}:office:1.0" xmlns:text="{_OFFICE}:text:1.0" xmlns:table="{_OFFICE}:table:1.0"'
    manifest = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (
            ("/", "application/vnd.oasis.opendocument.text"),
            ("content.xml", "text/xml"),
            ("styles.xml", "text/xml"),
        )
    )
    return zip_file(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": _XML + f'<office:document-content {names} office:version="1.2"><office:body><office:text>'
            f"{body}</office:text></office:body></office:document-content>",
            "styles.xml": _XML + f'<office:document-styles {names} office:version="1.2"/>',
            "META-INF/manifest.xml": _XML
            + f'<manifest:manifest xmlns:manifest="{_OFFICE}:manifest:1.0" manifest:version="1.2">{manifest}'
            "</manifest:manifest>",
        }
    )


def docx_bytes(lines: Sequence[str]) -> bytes:
    """Write a Word document (ISO/IEC 29500)."""
    body = "".join(
        _word_paragraph(part)
        if isinstance(part, str)
        else "<w:tbl><w:tblPr/><w:tblGrid>" + "<w:gridCol/>" * max(map(len, part.rows)) + "</w:tblGrid>"
        + "".join(
            "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{_word_paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
            for row in part.rows
        )
        + "</w:tbl>"
        for part in parts_of(lines)
    )  # fmt: skip
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    return zip_file(
        {
            "[Content_Types].xml": _content_types(("/word/document.xml", "wordprocessingml.document.main+xml")),
            "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
            "word/document.xml": _XML + document,
        }
    )


def _word_paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def xlsx_bytes(lines: Sequence[str]) -> bytes:
    """Write a workbook of one sheet (ISO/IEC 29500): a row for each line, its texts shared."""
    rows = [line.split("\t") for line in lines]
    texts = list(dict.fromkeys(cell for row in rows for cell in row))
    cells = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + column)}{number}" t="s"><v>{texts.index(cell)}</v></c>' for column, cell in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )
    shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    relations = f"{_OOXML}/officeDocument/2006/relationships"
    return zip_file(
        {
            "[Content_Types].xml": _content_types(
                ("/xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
                ("/xl/worksheets/sheet1.xml", "spreadsheetml.worksheet+xml"),
                ("/xl/sharedStrings.xml", "spreadsheetml.sharedStrings+xml"),
            ),
            "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": _XML + f'<workbook xmlns="{_SHEET}" xmlns:r="{relations}"><sheets>'
            '<sheet name="자료" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(
                ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
            ),
            "xl/worksheets/sheet1.xml": _XML
            + f'<worksheet xmlns="{_SHEET}"><sheetData>{cells}</sheetData></worksheet>',
            "xl/sharedStrings.xml": _XML
            + f'<sst xmlns="{_SHEET}" count="{sum(map(len, rows))}" uniqueCount="{len(texts)}">{shared}</sst>',
        }
    )


def _content_types(*parts: tuple[str, str]) -> str:
    overrides = "".join(f'<Override PartName="{path}" ContentType="{_TYPES}.{kind}"/>' for path, kind in parts)
    return (
        f'{_XML}<Types xmlns="{_OOXML}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_OOXML}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_OOXML}/package/2006/relationships">{links}</Relationships>'
