"""What a ZIP file holds: members read by their own readers, the others listed, and bad ones named as such."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from crawler.documents import members
from crawler.documents import text as limits
from crawler.documents.guard import Guard
from crawler.documents.reading import listed, read
from tests import document_samples as made
from tests.test_documents import HWP, PDF, SAMPLES, blocks, parts_of
from tests.test_guard import acting

GOOD = made.hwpx(made.p(made.t("지원 규모는 1,200억 원이다.")))
SAID = ("paragraph", "지원 규모는 1,200억 원이다.")


def rows(payload: bytes) -> list[list[str]]:
    """Give the table of members that were not read."""
    first = blocks(read(payload))[0]
    return [row.split("\t") for row in first[1].split("\n")] if first[0] == "table" else []


def altered(payload: bytes, name: str, at: int, value: bytes) -> bytes:
    """Put bytes into a member's entry in the central directory, counted from its beginning."""
    found = payload.index(b"PK\x01\x02", payload.index(name.encode()) + 1)
    while payload[found + 46 : found + 46 + len(name.encode())] != name.encode():
        found = payload.index(b"PK\x01\x02", found + 1)
    return payload[: found + at] + value + payload[found + at + len(value) :]


def test_members_are_read_in_the_order_of_their_names_and_the_others_listed_first():
    payload = made.package({"하/글.hwpx": GOOD, "사진.jpg": b"\xff\xd8\xff", "가.hwp": HWP, "나.pdf": PDF})
    said = blocks(read(payload))
    assert said[0] == ("table", "사진.jpg\t3\tiljakdml")
    assert [text for kind, text in said if kind == "member"] == ["가.hwp", "나.pdf", "하/글.hwpx"]
    assert said[-2:] == [("member", "하/글.hwpx"), SAID]
    assert {limits.CONTENTS, limits.GUESSED} <= set(read(payload).lost)


@pytest.mark.parametrize("name", sorted(SAMPLES.keys() - {"ZIP"}))
def test_a_member_says_what_it_says_by_itself(name: str):
    alone, packed = read(SAMPLES[name]), read(made.package({"이름 없는 파일": SAMPLES[name]}))
    assert blocks(packed) == [("member", "이름 없는 파일"), *blocks(alone)]
    assert packed.lost == alone.lost


def test_what_is_packed_otherwise_or_by_another_system_says_the_same():
    said = {"글.hwpx": GOOD, "표.csv": "하동,35"}
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as package:
        for name in reversed(said):
            package.writestr(name, said[name])
        package.writestr("__MACOSX/._글.hwpx", "x")
        package.writestr(".DS_Store", "x")
        package.writestr("자료/DESKTOP.INI", "x")
        package.writestr("자료/Thumbs.db", "x")
        package.mkdir("자료")
    assert read(stored.getvalue()).text_sha256 == read(made.package(said)).text_sha256


@pytest.mark.parametrize("encoding", ["cp949", "utf-8"])
def test_the_name_of_a_member_that_is_read_is_as_it_was_written(encoding: str):
    said = "지원\\계획.hwpx".encode(encoding)
    payload = made.package({"a" * len(said): GOOD}).replace(b"a" * len(said), said)
    assert blocks(read(payload)) == [("member", "지원/계획.hwpx"), SAID]


def test_a_member_whose_name_says_nothing_is_told_from_the_one_before():
    payload = made.package({"aa": GOOD, "ab": GOOD}).replace(b"ab", b"\x01\x02")
    assert blocks(read(payload)) == [("member", "?"), SAID, ("member", "aa"), SAID]


def test_members_that_cannot_be_read_are_listed_with_the_reason_and_the_others_are_read():
    parts = {
        **dict.fromkeys(("글.hwpx", "나쁜.hwpx", "잠긴.hwpx"), GOOD),
        "속잠긴.hwpx": made.hwpx("", **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}),
        "빈.pdf": made.pdf([[]]),
    }
    payload = altered(made.package(parts), "잠긴.hwpx", 8, struct.pack("<H", 0x801))
    payload = altered(payload, "나쁜.hwpx", 16, bytes(4))
    assert [(row[0], row[3]) for row in rows(payload)] == [
        ("나쁜.hwpx", "corrupt"),
        ("빈.pdf", "no-text"),
        ("속잠긴.hwpx", "encrypted"),
        ("잠긴.hwpx", "encrypted"),
    ]
    assert blocks(read(payload))[1:] == [("member", "글.hwpx"), SAID]


def test_other_bytes_that_aes_hides_the_checksum_of_are_other_bytes():
    one, other = (
        altered(altered(made.package({"a.bin": said}), "a.bin", 8, b"\x01\x00"), "a.bin", 16, bytes(4))
        for said in (b"\0one", b"\0two")
    )
    assert [rows(payload)[0][::3] for payload in (one, other)] == [["a.bin", "encrypted"]] * 2
    assert rows(one) != rows(other)


def test_what_is_told_of_a_member_with_a_password_depends_on_no_other_member_and_on_no_name():
    def packed(said: bytes, *beside: str, name: str = "a.bin", extra: bytes = b"", checksum: bytes = bytes(4)) -> bytes:
        stream, entry = io.BytesIO(), zipfile.ZipInfo(name)
        entry.extra = extra
        with zipfile.ZipFile(stream, "w") as package:
            for one in (*beside[:1], entry, *beside[1:]):
                package.writestr(one, said if one is entry else "x")
        return altered(altered(stream.getvalue(), name, 8, b"\x01\x00"), name, 16, checksum)

    alone = rows(packed(b"\0one"))[0][1:]
    # An extra field as AES has one (0x9901).
    aes = struct.pack("<HH", 0x9901, 7) + b"\x02\x00AE\x03\x08\x00"
    others = (packed(b"\0one", "0.txt", "z.txt"), packed(b"\0one", name="b" * 300 + ".bin", extra=aes))
    assert [next(row[1:] for row in rows(one) if "bin" in row[0]) for one in others] == [alone, alone]
    # One password writes other bytes each time; the checksum, where it is said, is of what is in the member.
    assert rows(packed(b"\0one", checksum=b"same")) == rows(packed(b"\0two", checksum=b"same"))


@pytest.mark.parametrize("name", ["XLSX", "DOCX", "PPTX"])
def test_an_office_document_with_a_locked_part_or_one_larger_than_the_room_is_named_so(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    # A part that the reader itself opens, and one that it has no need of.
    part = {"XLSX": "xl/media/1.png", "DOCX": "word/document.xml", "PPTX": "ppt/presentation.xml"}[name]
    parts = {**parts_of(SAMPLES[name])}
    parts.setdefault(part, bytes(100))
    assert read(altered(made.package(parts), part, 8, b"\x01\x00")).outcome == "encrypted"
    parts[part] = bytes(200_000)
    monkeypatch.setattr(limits, "MAX_UNPACKED", 150_000)
    assert read(made.package(parts)).outcome == "too-large"


def test_an_empty_member_is_the_same_however_it_is_packed():
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as package:
        package.writestr("빈.txt", "")
    assert rows(stored.getvalue()) == rows(made.package({"빈.txt": ""}))


def test_an_office_document_with_a_password_is_named_by_itself_and_as_a_member():
    locked = made.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}, {})
    assert (read(locked).outcome, read(locked).media_type) == ("encrypted", "application/x-ole-storage")
    assert rows(made.package({"표.xlsx": locked}))[0][3] == "encrypted"
    old = made.compound({"WordDocument": b"x"}, {})
    assert (read(old).outcome, len(rows(made.package({"글.doc": old}))[0])) == ("unsupported", 3)


def test_a_member_packed_in_a_way_that_nobody_knows_is_only_listed():
    payload = altered(made.package({"글.hwpx": GOOD}), "글.hwpx", 10, struct.pack("<H", 9))
    assert rows(payload) == [["글.hwpx", str(len(GOOD)), rows(payload)[0][2]]]


def test_a_zip_file_in_a_zip_file_is_listed():
    inner = made.package({"글.hwpx": GOOD})
    ((name, size, _),) = rows(made.package({"속.zip": inner}))
    assert (name, size) == ("속.zip", str(len(inner)))


def test_members_share_the_room_for_what_is_unpacked(monkeypatch: pytest.MonkeyPatch):
    one = made.hwpx(made.p(made.t("가" * 60_000)))
    payload = made.package({"가.hwpx": one, "나.hwpx": one, "다.csv": "x"})
    monkeypatch.setattr(limits, "MAX_UNPACKED", 300_000)
    assert [row[0] + row[-1] for row in rows(payload)] == ["나.hwpxtoo-large", "다.csv" + rows(payload)[1][-1]]
    assert [text for kind, text in blocks(read(payload)) if kind == "member"] == ["가.hwpx"]
    payload = made.package({"가.jpg": b"\xff\xd8\xff" + bytes(250_000), "나.hwpx": one})
    assert [text for kind, text in blocks(read(payload)) if kind == "member"] == ["나.hwpx"]


@pytest.mark.parametrize("limit", range(5, 13))
def test_as_many_members_are_read_as_there_is_room_for_beside_all_names(limit: int, monkeypatch: pytest.MonkeyPatch):
    two = made.hwpx(made.p(made.t("첫째 문단")) + made.p(made.t("둘째 문단")))
    payload = made.package({"가.hwpx": two, "나.hwpx": two, "다.hwpx": two, "라.jpg": b"\xff\xd8\xff"})
    for module in (limits, members):
        monkeypatch.setattr(module, "MAX_BLOCKS", limit)
    said = blocks(read(payload))
    assert len(said) <= limit
    assert [kind for kind, _ in said].count("member") == min((limit - 5) // 2, 3)


def test_members_share_the_room_for_text_and_no_more_are_read_than_allowed(monkeypatch: pytest.MonkeyPatch):
    old = made.compound({"WordDocument": b"x"}, {})
    payload = made.package({"가.hwpx": GOOD, "나.hwpx": GOOD, "다.jpg": b"\xff\xd8\xff", "라.doc": old})
    monkeypatch.setattr(members, "MAX_CHARACTERS", 150)
    assert [row[0] + "".join(row[3:]) for row in rows(payload)] == ["나.hwpxtoo-large", "다.jpg", "라.doc"]
    monkeypatch.setattr(members, "MAX_CHARACTERS", 4_000_000)
    monkeypatch.setattr(members, "MAX_READ", 1)
    assert [row[0] + "".join(row[3:]) for row in rows(payload)] == ["나.hwpxtoo-large", "다.jpg", "라.doc"]


def test_a_bomb_among_members_is_named_and_the_others_are_read():
    bomb = made.docx(f"<w:p><w:r><w:t>{'가' * 20_000_000}</w:t></w:r></w:p>")
    payload = made.package({"가.hwpx": GOOD, "나.docx": bomb})
    assert [(row[0], row[3]) for row in rows(payload)] == [("나.docx", "too-large")]
    assert SAID in blocks(read(payload))


def test_what_is_listed_alone_is_every_member_and_nothing_else_is_listed():
    payload = made.package({"글.hwpx": GOOD, "표.csv": "가"})
    checksum = f"{zlib.crc32(GOOD):08x}".translate(members._LETTERS)
    assert blocks(listed(payload))[0][1].split("\n")[0] == f"글.hwpx\t{len(GOOD)}\t{checksum}"
    assert [kind for kind, _ in blocks(listed(payload))] == ["table"]
    assert listed(GOOD).outcome == "unsupported"


KILLED = "from crawler.documents.worker import main\nif 'listing' in sys.argv: main()\nos.abort()"


def test_the_members_of_a_zip_file_are_listed_when_one_of_them_ends_the_process():
    payload = made.package({"글.hwpx": GOOD})
    with Guard(command=acting(KILLED)) as guard:
        document = guard.read(payload)
        assert guard.read(GOOD).outcome == "corrupt"
    assert document.blocks == listed(payload).blocks
    assert document.detail.startswith("its members are not read: its reader died of it")


def test_a_folder_named_like_a_part_of_office_is_a_folder():
    payload = made.package({"ppt/발표.pptx": SAMPLES["PPTX"], "word/글.docx": SAMPLES["DOCX"]})
    assert [text for kind, text in blocks(read(payload)) if kind == "member"] == ["ppt/발표.pptx", "word/글.docx"]
