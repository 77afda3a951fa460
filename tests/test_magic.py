"""File types told from bytes."""

from __future__ import annotations

import io
import lzma
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.documents.reading import read
from storage.magic import is_whole_picture, media_type_of

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
OFFICE = "application/vnd.openxmlformats-officedocument."


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        for name, content in entries:
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_STORED if name == "mimetype" else method)
    return file.getvalue()


HWPX = zipped(("mimetype", b"application/hwp+zip"), ("Contents/section0.xml", "<본문/>".encode() * 50))


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        (OLE2 + b"HWP Document File" + bytes(15), "application/x-hwp"),
        (b"HWP Document File V3.00 \x1a", "application/x-hwp"),
        (OLE2 + b"W\x00o\x00r\x00d\x00", "application/x-ole-storage"),
        (HWPX, "application/hwp+zip"),
        (zipped(("mimetype", b"application/vnd.oasis.opendocument.text\n")), "application/vnd.oasis.opendocument.text"),
        (
            zipped(("[Content_Types].xml", b"<T/>"), ("word/document.xml", b"<d/>")),
            OFFICE + "wordprocessingml.document",
        ),
        (zipped(("[Content_Types].xml", b"<T/>"), ("xl/workbook.xml", b"<d/>")), OFFICE + "spreadsheetml.sheet"),
        (
            zipped(("[Content_Types].xml", b"<T/>"), ("ppt/presentation.xml", b"<d/>")),
            OFFICE + "presentationml.presentation",
        ),
        (zipped(("사진.jpg", b"\xff\xd8\xff")), "application/zip"),
        (zipped(), "application/octet-stream"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"{\\rtf1\\ansi", "application/rtf"),
        (b"", "application/octet-stream"),
        (b"\x00", "application/octet-stream"),
        ("이름,값\n가,1\n".encode(), "application/octet-stream"),
    ],
)
def test_a_type_is_told_from_the_first_bytes(payload, expected):
    assert media_type_of(payload) == expected


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0'><title>Error</title>",
        "<html><head><title>Error</title></head></html>",
        "<HTML lang='ko'>",
        "\ufeff<!doctype html><p>파일이 없습니다.",
        "\r\n" * 3_000 + "<!DOCTYPE html>",
        "\ufeff\r\n\t<html>",
        "<script>alert('파일을 찾을 수 없습니다.');history.back();</script>",
        "<script type='text/javascript'>alert(1)</script>",
        "<!-- 오류 화면 --><html></html>",
        "<meta charset='utf-8'><title>Error</title>",
        "<?xml version='1.0' encoding='UTF-8'?>\n<!DOCTYPE html>",
        "<body>없음</body>",
    ],
)
def test_an_error_page_is_html_however_it_begins(page):
    assert media_type_of(page.encode()) == "text/html"


@pytest.mark.parametrize(
    "text", ["<scripture>", "<<html>>", "< html>", "<abbr>", "html", "<?xml version='1.0'?><feed/>"]
)
def test_what_only_looks_a_little_like_html_is_not(text):
    assert media_type_of(text.encode()) == "application/octet-stream"


@pytest.mark.parametrize(
    "said",
    [
        b"application/" + b"x" * 10_000_000,
        b"text/html",
        b"image/svg+xml",
        b"application/hwp+zip\nX-Injected: yes",
        b"<script>alert(1)</script>",
        b"\xff\xfe",
        b"",
    ],
)
def test_a_package_cannot_name_a_type_that_no_package_has(said):
    assert media_type_of(zipped(("mimetype", said))) == "application/zip"


def test_a_mimetype_entry_counts_where_it_stands_first_or_in_a_package():
    assert media_type_of(zipped(("a.txt", b""), ("mimetype", b"application/hwp+zip"))) == "application/zip"
    packed = zipped(("META-INF/container.xml", b""), ("mimetype", b"application/hwp+zip"))
    assert media_type_of(packed) == "application/hwp+zip"


def test_a_damaged_package_is_a_zip_still():
    for damaged in (HWPX[:40], HWPX[:-30], b"PK\x03\x04" + bytes(200), HWPX[:30] + bytes(8) + HWPX[38:]):
        assert media_type_of(damaged) == "application/zip"


def test_a_package_that_ends_within_its_first_entry_is_a_zip_still():
    """The entry says that it goes on for 500 bytes, and its deflate block for 200; the file has fewer.

    zipfile reads on and breaks off, and from Python 3.11.8 on it sees that the entry would reach into the directory.
    """
    said = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, 0, 500, 255, 8, 0)
    local = b"PK\x03\x04" + said + b"mimetype" + struct.pack("<BHH", 1, 200, 65_535 - 200)
    central = b"PK\x01\x02" + struct.pack("<H", 20) + said + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + b"mimetype"
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local), 0)
    payload = local + central + end
    with pytest.raises((EOFError, zipfile.BadZipFile)), zipfile.ZipFile(io.BytesIO(payload)) as package:
        package.read("mimetype")
    assert media_type_of(payload) == "application/zip"


def test_a_package_whose_first_entry_is_squeezed_otherwise_and_damaged_is_a_zip_still():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as package:
        package.writestr("mimetype", b"application/hwp+zip")
    payload = bytearray(file.getvalue())
    payload[47:60] = bytes(13)
    with pytest.raises(lzma.LZMAError), zipfile.ZipFile(io.BytesIO(payload)) as package:
        package.read("mimetype")
    assert media_type_of(bytes(payload)) == "application/zip"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@settings(deadline=None)
@given(data=st.data())
def test_no_damage_to_a_package_is_more_than_its_reader_can_bear(method, data):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        package.writestr("mimetype", b"application/hwp+zip")
        package.writestr("Contents/section0.xml", b"<a/>" * 40)
    payload = bytearray(file.getvalue())
    for place in data.draw(st.lists(st.integers(4, len(payload) - 1), min_size=1, max_size=6)):
        payload[place] = data.draw(st.integers(0, 255))
    del payload[data.draw(st.integers(4, len(payload))) :]
    assert media_type_of(bytes(payload)).startswith("application/")


@given(st.binary(max_size=64))
def test_any_bytes_at_all_have_a_type(payload):
    assert "/" in media_type_of(payload)


def crowded(members: int) -> bytes:
    """Write a package of very many nameless members, all of which are one."""
    member = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 0, 0)
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    size, end = members * len(entry), len(member) + members * len(entry)
    zip64 = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, members, members, size, len(member))
    zip64 += struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    return (
        member
        + entry * members
        + zip64
        + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, *[0xFFFF] * 2, *[0xFFFFFFFF] * 2, 0)
    )


def test_a_package_of_very_many_members_is_told_and_refused_without_listing_them():
    with zipfile.ZipFile(io.BytesIO(crowded(3))) as package:
        assert len(package.namelist()) == 3
    payload = crowded(300_000)
    tracemalloc.start()
    document = read(payload)
    assert (document.outcome, document.detail) == ("too-large", "more than 20000 members")
    assert document.media_type == "application/zip"
    assert not is_whole_picture(payload)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
