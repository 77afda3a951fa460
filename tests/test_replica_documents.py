"""The replica's attachments are real files of their formats, and go wrong in the ways that files do."""

from __future__ import annotations

import hashlib
import http.client
import io
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from crawler.documents.reading import read
from replica import Portal, RunningPortal, serve
from replica.article import Attachment
from replica.compound import compound_file
from replica.documents import file_bytes, lines_of, media_type_of
from replica.lines import Table, parts_of
from replica.spoilt import BOMB, spoilt_bytes
from replica.stored import raw_deflate, zlib_stream
from storage import magic

LINES = ("제목 <특별> & 1조 2,000억 원", "첫째 문단이다. " * 40, "구분\t척수", "연안\t80척", "끝 문단 “따옴표” △3.5%")
FORMATS = ("pdf", "hwp", "hwpx", "odt", "docx", "xlsx", "zip", "jpg", "png")


def attached(suffix: str, text: tuple[str, ...] = LINES) -> Attachment:
    return Attachment("198000099", f"자료 하나.{suffix}", text)


@pytest.fixture
def running() -> Iterator[RunningPortal]:
    with serve(Portal.load(sections=["state-council", "expert-document", "recruit", "photo"])) as portal:
        yield portal


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_is_told_by_its_first_bytes(suffix):
    assert magic.media_type_of(file_bytes(attached(suffix))) == media_type_of(attached(suffix))


@pytest.mark.parametrize("suffix", FORMATS)
def test_another_text_gives_other_bytes_and_the_same_text_the_same(suffix):
    assert file_bytes(attached(suffix)) == file_bytes(attached(suffix))
    assert file_bytes(attached(suffix)) != file_bytes(attached(suffix, (*LINES, "더한 줄")))


@pytest.mark.parametrize(
    ("suffix", "part", "first"),
    [
        ("hwpx", "Contents/section0.xml", "mimetype"),
        ("odt", "content.xml", "mimetype"),
        ("docx", "word/document.xml", "[Content_Types].xml"),
        ("xlsx", "xl/sharedStrings.xml", "[Content_Types].xml"),
    ],
)
def test_a_package_holds_every_paragraph_and_cell(suffix, part, first):
    with zipfile.ZipFile(io.BytesIO(file_bytes(attached(suffix)))) as package:
        assert package.testzip() is None
        assert package.namelist()[0] == first
        for name in package.namelist():
            if name.endswith((".xml", ".rels", ".hpf")):
                ElementTree.fromstring(package.read(name))
        told = ["".join(one.itertext()) for one in ElementTree.fromstring(package.read(part)).iter()]
    for text in (cell for line in LINES for cell in line.split("\t")):
        assert text in told


def test_a_pdf_maps_every_code_to_its_character():
    data = file_bytes(attached("pdf", ("가나다", "구분\t척수")))
    assert b"/Encoding /UniKS-UTF16-H" in data
    assert f"<{'가나다'.encode('utf-16-be').hex()}> Tj".encode() in data
    assert f"<{'구분  척수'.encode('utf-16-be').hex()}> Tj".encode() in data
    assert b"<AC00> <AC00>" in data
    start = int(data.split(b"startxref\n")[1].split()[0])
    assert data[start:].startswith(b"xref")


def test_an_hwp_holds_its_text_in_records_of_a_compound_file():
    data = file_bytes(attached("hwp"))
    assert data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert len(data) % 512 == 0
    for name in ("FileHeader", "DocInfo", "BodyText", "Section0"):
        assert name.encode("utf-16-le") in data
    for text in ("제목 <특별> & 1조 2,000억 원", "연안", "80척"):
        assert text.encode("utf-16-le") in data


@pytest.mark.parametrize("size", [0, 1, 63, 64, 4095, 4096, 70000, 700_000])
def test_a_compound_file_grows_with_its_streams(size):
    data = compound_file({"A/B": b"x" * size, "C": b"y"})
    assert len(data) % 512 == 0
    assert data.count(b"x" * min(size, 64)) >= 1
    table = int.from_bytes(data[44:48], "little")
    assert table * 128 >= len(data) // 512 - 1


@pytest.mark.parametrize("data", [b"", b"a", b"x" * 200_000])
def test_stored_streams_are_read_by_any_inflater(data):
    assert zlib.decompress(raw_deflate(data), -15) == data
    assert zlib.decompress(zlib_stream(data)) == data


def test_lines_with_tabs_are_rows_of_one_table():
    assert parts_of(["a", "b\tc", "d\te", "f"]) == ["a", Table((("b", "c"), ("d", "e"))), "f"]


def test_truth_says_what_each_file_is_and_holds(running, client):
    files = {one["file_id"]: one for one in running.portal.truth("148965011")["attachments"]}
    assert files["198580011"]["media_type"] == "application/hwp+zip"
    assert files["198580011"]["lines"][0] == "제48회 국무회의 결과"
    zipped = running.portal.truth("expdoc:41502")["attachments"][1]
    assert zipped["lines"][:2] == ["사례집 사진/001.jpg", "사례집 사진.hwpx"]
    said = read(client.get("/common/download.do?fileId=198580026")[1])
    picture, *texts = [line for block in said.blocks for line in block.text.split("\n")]
    assert [picture.partition("\t")[0], *texts] == zipped["lines"]
    assert lines_of(attached("jpg")) == ()


def test_a_file_may_be_of_another_format_than_its_name_says():
    assert file_bytes(Attachment("1", "가.hwp", LINES, "pdf")).startswith(b"%PDF")


def test_files_go_wrong_as_ordered(running, client):
    def download() -> tuple[int, bytes]:
        response, body = client.get("/common/download.do?fileId=198580012")
        return response.status, body

    good = download()[1]
    assert good.startswith(b"%PDF-1.4")
    running.portal.switches.files = "error-page"
    status, page = download()
    assert (status, b"<title>Error</title>" in page) == (200, True)
    running.portal.switches.files = "empty"
    assert download() == (200, b"")
    running.portal.switches.files = "truncated"
    assert good.startswith(download()[1])
    assert len(download()[1]) < len(good)
    running.portal.switches.files = "other-format"
    assert magic.media_type_of(download()[1]) == "application/hwp+zip"
    running.portal.switches.files = "encrypted"
    locked = download()[1]
    assert b"/Encrypt << /Filter /Standard" in locked
    assert "국무회의".encode("utf-16-be").hex().encode() not in locked


@pytest.mark.parametrize("suffix", ["hwpx", "odt", "docx", "xlsx", "zip"])
def test_a_bomb_is_small_until_it_is_unpacked(suffix):
    bomb = spoilt_bytes(attached(suffix), "bomb")
    with zipfile.ZipFile(io.BytesIO(bomb)) as package:
        biggest = max(package.infolist(), key=lambda one: one.file_size)
        assert (biggest.file_size, biggest.compress_size < BOMB // 500) == (BOMB, True)
        with package.open(biggest) as part:
            assert part.read(1 << 20) == b" " * (1 << 20)
    assert len(bomb) < 400_000


@pytest.mark.parametrize(
    ("rule", "header", "value"),
    [
        ("browsers", "User-Agent", "Mozilla/5.0 (X11)"),
        ("with-referer", "Referer", "https://www.korea.kr/"),
        ("with-cookie", "Cookie", "JSESSIONID_KOREA=1"),
    ],
)
def test_files_may_be_given_to_some_clients_only(running, rule, header, value):
    running.portal.switches.downloads = rule
    connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=0.3)
    connection.request("GET", "/common/download.do?fileId=198580012", headers={"User-Agent": "other"})
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()
    connection.request("GET", "/common/download.do?fileId=198580012", headers={header: value})
    assert connection.getresponse().read().startswith(b"%PDF")
    connection.close()


@pytest.mark.parametrize(
    ("form", "said"),
    [("star", "filename*=UTF-8''%EC%A0%9C45"), ("none", None), ("quoted", 'filename="%EC%A0%9C45'), ("euc-kr", "Á¦45")],
)
def test_the_name_of_a_file_is_written_as_the_switch_says(running, client, form, said):
    running.portal.switches.download_name = form
    running.portal.switches.download_type = "own"
    response, _ = client.get("/common/download.do?fileId=198580013")
    assert response.getheader("Content-Type") == "application/x-hwp"
    name = response.getheader("Content-Disposition")
    assert (said in name) if said else name is None


def test_digests_hold_on_every_machine():
    told = hashlib.sha256(b"".join(file_bytes(attached(one)) for one in FORMATS)).hexdigest()
    assert told == "80264345a72fef9a59267b5e0d83521cede6783b05292291e7fb19ff3a658b78"
