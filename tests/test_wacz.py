"""The package: what py-wacz accepts, streams, and refuses after one byte has changed."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
)

from cli.main import gochim
from replica.portal import Portal
from replica.server import serve
from storage import versions
from storage.archive import Archive
from storage.cdxj import complete_index, index_directory, merged
from storage.errors import ArchiveDisagrees, RunEndedEarly, SettingsError
from storage.records import Article
from storage.wacz import Page, write_wacz
from tests.runs import Desk, desk, few_articles
from tests.warc_samples import START, exchange, failure, written

CREATED = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
PAGES = (
    Page("https://www.example.kr/news/0", START, "첫째 자료", "첫째 자료\n본문입니다."),
    Page("https://www.example.kr/news/1", START + timedelta(seconds=1), "둘째 “자료”", "둘째"),
)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Give an archive with two WARC files, a revisit in the second, and a failure."""
    found = Archive(tmp_path / "archive")
    _, first = written(found.root, *(exchange(number, b"body %d" % number) for number in range(30)), failure(40))
    written(found.root, exchange(31, b"body 3"), exchange(32, b"more"), originals=first)
    complete_index(found)
    return found


def package(archive: Archive, path: Path, key: Path | None = None, **changes: object) -> Path:
    given: dict = {"pages": PAGES, "title": "정책브리핑", "description": "두 *자료*.", "software": "gochim/0.1"}
    write_wacz(archive, path, key=key, **{**given, "created": CREATED, **changes})
    return path


def private_key(path: Path, key: object = None, secret: bytes | None = None) -> Path:
    hidden = BestAvailableEncryption(secret) if secret else NoEncryption()
    made = key or ec.generate_private_key(ec.SECP384R1())
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden))  # type: ignore[attr-defined]
    return path


JUDGE = """
import sys
from wacz.main import main
for path in sys.argv[1:]:
    try:
        code = main(["validate", "-f", path])
    except Exception as error:
        code = repr(error)
    print("verdict:", "valid" if code == 0 else f"invalid {code}")
"""


def judged(*paths: Path) -> tuple[list[bool], str]:
    """Ask py-wacz whether packages are valid (a broken ZIP file makes it raise), and give all that it says."""
    command = [sys.executable, "-W", "ignore", "-c", JUDGE, *map(str, paths)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    verdicts = [line.split()[1] == "valid" for line in said.splitlines() if line.startswith("verdict: ")]
    assert len(verdicts) == len(paths), said
    return verdicts, said


@pytest.mark.parametrize("signed", [False, True])
def test_py_wacz_accepts_the_package(archive: Archive, tmp_path: Path, signed: bool):
    verdicts, said = judged(
        package(archive, tmp_path / "a.wacz", private_key(tmp_path / "key.pem") if signed else None)
    )
    assert verdicts == [True]
    assert "Validation succeeded" in said
    assert "Version detected as 1.1.1" in said
    assert ("Has signature" in said) is signed


def test_py_wacz_accepts_a_package_whose_imported_files_have_names_of_their_own(archive: Archive, tmp_path: Path):
    own = min(archive.warcs.glob("*.warc.gz"))
    own.rename(own.with_name("import-0123456789abcdef-정책 뉴스 (수정) #1%20.warc.gz"))
    assert judged(package(archive, tmp_path / "a.wacz"))[0] == [True]


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        assert {one.compress_type for one in file.infolist()} == {zipfile.ZIP_STORED}
        return {name: file.read(name) for name in file.namelist()}


def test_the_package_holds_the_archive_as_it_is(archive: Archive, tmp_path: Path):
    held = entries(package(archive, tmp_path / "a.wacz"))
    assert {name: data for name, data in held.items() if name.startswith("archive/")} == {
        f"archive/{path.name}": path.read_bytes() for path in archive.warcs.iterdir()
    }
    manifest = json.loads(held["datapackage.json"])
    assert manifest["profile"] == "data-package"
    assert (manifest["title"], manifest["description"]) == ("정책브리핑", "두 *자료*.")
    assert manifest["created"] == "2026-11-22T03:04:05Z"
    listed = {one["path"]: (one["hash"], one["bytes"]) for one in manifest["resources"]}
    outer = {"datapackage.json", "datapackage-digest.json"}
    assert listed == {
        name: ("sha256:" + hashlib.sha256(data).hexdigest(), len(data))
        for name, data in held.items()
        if name not in outer
    }
    digest = json.loads(held["datapackage-digest.json"])
    assert digest == {
        "path": "datapackage.json", "hash": "sha256:" + hashlib.sha256(held["datapackage.json"]).hexdigest()
    }  # fmt: skip


def test_entries_begin_where_players_look_for_them(archive: Archive, tmp_path: Path):
    path = package(archive, tmp_path / "a.wacz")
    with zipfile.ZipFile(path) as file:
        listed = file.infolist()
    data = path.read_bytes()
    for one in listed:
        # ZIP64 fields in the local header alone made wabac.js read on from the wrong byte.
        local = int.from_bytes(data[one.header_offset + 28 : one.header_offset + 30], "little")
        assert local == len(one.extra) == 0
        assert not one.flag_bits & 0x08


def test_every_page_has_its_text_and_the_time_of_the_index(archive: Archive, tmp_path: Path):
    held = entries(package(archive, tmp_path / "a.wacz"))
    header, *pages = [json.loads(line) for line in held["pages/pages.jsonl"].splitlines()]
    assert header["format"] == "json-pages-1.0"
    assert header["hasText"] is True
    assert [(one["url"], one["ts"], one["title"], one["text"]) for one in pages] == [
        (one.url, f"{one.ts:%Y-%m-%dT%H:%M:%SZ}", one.title, one.text) for one in PAGES
    ]
    assert len({one["id"] for one in pages}) == len(pages)


def test_the_compressed_index_finds_every_record_and_its_digest(archive: Archive, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("storage.wacz._BLOCK_LINES", 7)
    held = entries(package(archive, tmp_path / "a.wacz"))
    lines = gzip.decompress(held["indexes/index.cdx.gz"]).decode().splitlines(keepends=True)
    meta, *blocks = held["indexes/index.idx"].decode().splitlines()
    assert json.loads(meta.removeprefix("!meta 0 ")) == {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
    assert len(blocks) == 5
    together = []
    for block in blocks:
        key, moment, place = block.split(" ", 2)
        told = json.loads(place)
        data = held["indexes/index.cdx.gz"][told["offset"] : told["offset"] + told["length"]]
        assert told["digest"] == "sha256:" + hashlib.sha256(data).hexdigest()
        part = gzip.decompress(data).decode().splitlines(keepends=True)
        assert part[0].startswith(f"{key} {moment} ")
        together += part
    assert together == lines == sorted(lines)
    plain = []
    for line in lines:
        key, moment, block = line.split(" ", 2)
        entry = json.loads(block)
        start = int(entry["offset"])
        record = held["archive/" + entry["filename"]][start : start + int(entry["length"])]
        assert entry.pop("recordDigest") == "sha256:" + hashlib.sha256(record).hexdigest()
        assert gzip.decompress(record).startswith(b"WARC/1.1")
        plain.append(f"{key} {moment} {json.dumps(entry)}\n")
    assert sorted(plain) == list(merged(index_directory(archive)))


def test_the_index_equals_that_of_py_wacz(archive: Archive, tmp_path: Path):
    theirs = tmp_path / "theirs.wacz"
    warcs = [str(path) for path in sorted(archive.warcs.iterdir())]
    subprocess.run([sys.executable, "-m", "wacz", "create", *warcs, "-o", str(theirs)], check=True, capture_output=True)
    ours = package(archive, tmp_path / "ours.wacz")

    def index(path: Path) -> list[tuple[str, dict]]:
        with zipfile.ZipFile(path) as file:
            lines = gzip.decompress(file.read("indexes/index.cdx.gz")).decode().splitlines()
        return [(line.partition(" {")[0], json.loads(line[line.index("{") :])) for line in lines]

    assert index(ours) == index(theirs)


def test_the_same_archive_and_time_give_the_same_bytes(archive: Archive, tmp_path: Path):
    key = private_key(tmp_path / "key.pem")
    first = package(archive, tmp_path / "a.wacz", key).read_bytes()
    assert package(archive, tmp_path / "b.wacz", key, pages=iter(PAGES)).read_bytes() == first
    assert package(archive, tmp_path / "c.wacz", key, created=CREATED + timedelta(seconds=2)).read_bytes() != first


def test_the_signature_is_over_the_manifest_by_the_key_named(archive: Archive, tmp_path: Path):
    key = ec.generate_private_key(ec.SECP384R1())
    held = entries(package(archive, tmp_path / "a.wacz", private_key(tmp_path / "key.pem", key)))
    digest = json.loads(held["datapackage-digest.json"])
    signed = digest["signedData"]
    assert set(signed) == {"hash", "created", "software", "version", "signature", "publicKey"}
    assert signed["hash"] == digest["hash"]
    assert signed["created"] == json.loads(held["datapackage.json"])["created"]
    public = load_der_public_key(base64.b64decode(signed["publicKey"]))
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert public == key.public_key()
    raw = base64.b64decode(signed["signature"])
    assert len(raw) == 96
    halves = encode_dss_signature(int.from_bytes(raw[:48], "big"), int.from_bytes(raw[48:], "big"))
    public.verify(halves, signed["hash"].encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(halves, b"sha256:0", ec.ECDSA(hashes.SHA256()))


def test_an_older_openssl_signs_as_well(archive: Archive, tmp_path: Path, monkeypatch):
    real = ec.ECDSA

    def older(algorithm: hashes.HashAlgorithm, *, deterministic_signing: bool = False) -> ec.ECDSA:
        if deterministic_signing:
            raise UnsupportedAlgorithm("ECDSA with deterministic signature (RFC 6979) is not supported")
        return real(algorithm)

    monkeypatch.setattr(ec, "ECDSA", older)
    held = entries(package(archive, tmp_path / "a.wacz", private_key(tmp_path / "key.pem")))
    assert len(base64.b64decode(json.loads(held["datapackage-digest.json"])["signedData"]["signature"])) == 96


def test_one_changed_byte_anywhere_makes_the_package_invalid(archive: Archive, tmp_path: Path):
    path = package(archive, tmp_path / "a.wacz", private_key(tmp_path / "key.pem"))
    sound = path.read_bytes()
    spoilt = []
    for name, data in entries(path).items():
        changed = bytearray(sound)
        changed[sound.index(data) + len(data) // 2] ^= 1
        spoilt.append(tmp_path / f"{name.replace('/', '-')}.wacz")
        spoilt[-1].write_bytes(changed)
    assert judged(path, *spoilt)[0] == [True] + [False] * 7


def test_a_changed_file_in_a_sound_zip_is_found_by_its_digest(archive: Archive, tmp_path: Path):
    path = package(archive, tmp_path / "a.wacz")
    held = entries(path)
    spoilt = []
    for name in held:
        spoilt.append(tmp_path / f"{name.replace('/', '-')}.wacz")
        with zipfile.ZipFile(spoilt[-1], "w") as file:
            for other, data in held.items():
                changed = data.replace(b"sha256:", b"sha256:0", 1) if other.startswith("data") else data[:-1] + b"!"
                file.writestr(other, changed if other == name else data)
    assert judged(path, *spoilt)[0] == [True] + [False] * 7


def test_memory_stays_flat(tmp_path: Path):
    archive = Archive(tmp_path / "archive")
    written(archive.root, *(exchange(number, bytes([number]) * (6 << 20) + b"%d" % number) for number in range(3)))
    noise = hashlib.shake_256(b"noise").digest(24 << 20)
    written(archive.root, exchange(9, noise))
    complete_index(archive)
    tracemalloc.start()
    try:
        path = package(archive, tmp_path / "a.wacz", pages=_many_pages())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 40 << 20
    assert peak < 10 << 20


def _many_pages() -> Iterator[Page]:
    for number in range(400):
        yield Page(f"https://www.example.kr/{number}", START, "제목", "글" * 17_000)


def test_an_index_that_does_not_fit_is_refused(archive: Archive, tmp_path: Path):
    index = min(index_directory(archive).glob("*.cdxj"))
    sound = index.read_text()
    for wrong in (
        sound.replace('"offset": "', '"offset": "1', 1),
        sound.replace('"length": "', '"length": "9', 1),
        sound.replace('"offset"', '"there"', 1),
        sound + "torn",
        sound + "kr,korea)/ 20260915091648 []",
        sound + 'kr,korea)/ 20260915091648 {"offset": [], "length": "1"}',
    ):
        index.write_text(wrong)
        with pytest.raises(ArchiveDisagrees, match="gochim rebuild"):
            package(archive, tmp_path / "a.wacz")
        assert list(tmp_path.glob("a.wacz*")) == []


def test_a_file_that_was_there_stays_until_the_new_one_is_whole(archive: Archive, tmp_path: Path):
    path = tmp_path / "a.wacz"
    path.write_bytes(b"old")

    def torn() -> Iterator[Page]:
        yield PAGES[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(RunEndedEarly, match="No space left"):
        package(archive, path, pages=torn())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.glob("*.tmp")) == []


def test_keys_of_no_use_are_refused_in_a_sentence(archive: Archive, tmp_path: Path):
    (tmp_path / "text.pem").write_text("no key")
    short = ec.generate_private_key(ec.SECP256R1())
    keys = {
        "cannot be read": tmp_path / "none.pem",
        "holds no private key": tmp_path / "text.pem",
        "is encrypted": private_key(tmp_path / "secret.pem", secret=b"secret"),
        "not an ECDSA key on the curve P-384": private_key(tmp_path / "256.pem", short),
        "not an ECDSA key": private_key(tmp_path / "rsa.pem", rsa.generate_private_key(65537, 2048)),
    }
    for words, key in keys.items():
        with pytest.raises(SettingsError, match=words):
            package(archive, tmp_path / "a.wacz", key)


def test_a_time_beyond_the_calendar_of_zip_is_stated_all_the_same(archive: Archive, tmp_path: Path):
    for year in (1970, 2200):
        package(archive, tmp_path / "a.wacz", created=datetime(year, 1, 1, tzinfo=UTC))
        with zipfile.ZipFile(tmp_path / "a.wacz") as made:
            assert made.testzip() is None
            assert json.loads(made.read("datapackage.json"))["created"] == f"{year}-01-01T00:00:00Z"


def test_an_empty_archive_is_not_packaged(tmp_path: Path):
    with pytest.raises(SettingsError, match="no finished WARC files"):
        package(Archive(tmp_path), tmp_path / "a.wacz")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root = tmp_path_factory.mktemp("crawled")
    with serve(Portal.load(few_articles(root / "articles", 1))) as portal:
        made = desk(root / "archive", portal.url)
        made.ok("crawl")
    return made


def exported(made: Desk, *words: str) -> str:
    done = CliRunner().invoke(gochim, ["export", *words, "--archive", str(made.root)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command_packages_every_version_with_its_text(crawled: Desk, tmp_path: Path):
    key = private_key(tmp_path / "key.pem")
    words = ("wacz", "-o", str(tmp_path / "a.wacz"), "--key", str(key), "--created", "2026-11-22")
    assert exported(crawled, *words) == f"{tmp_path / 'a.wacz'}\n"
    assert judged(tmp_path / "a.wacz")[0] == [True]
    held = entries(tmp_path / "a.wacz")
    pages = [json.loads(line) for line in held["pages/pages.jsonl"].splitlines()][1:]
    index = gzip.decompress(held["indexes/index.cdx.gz"]).decode().splitlines()
    captured = {(json.loads(line[line.index("{") :])["url"], line.split(" ")[1]) for line in index}
    shown = articles(crawled)
    assert len(shown) == 4
    assert sorted(one["title"] for one in pages) == sorted(one.title for one in shown)
    for page in pages:
        assert (page["url"], "".join(filter(str.isdigit, page["ts"]))) in captured
    for one in shown:
        text = next(page["text"] for page in pages if page["title"] == one.title)
        assert all(block.text in text for block in one.body)
        assert all(line in text for line in one.subtitles)
    before = (tmp_path / "a.wacz").read_bytes()
    exported(crawled, *words)
    assert (tmp_path / "a.wacz").read_bytes() == before


def articles(made: Desk) -> list[Article]:
    with closing(Archive(made.root).database()) as db:
        return [versions.article_of(row) for row in db.execute("SELECT * FROM version_detail ORDER BY article")]


def test_the_command_writes_the_whole_index(crawled: Desk, tmp_path: Path):
    out = exported(crawled, "cdxj")
    lines = out.splitlines(keepends=True)
    assert lines == sorted(lines) == list(merged(index_directory(Archive(crawled.root))))
    assert any("policynewsview.do" in line for line in lines)
    exported(crawled, "cdxj", "-o", str(tmp_path / "index.cdxj"))
    assert (tmp_path / "index.cdxj").read_text() == out


@pytest.mark.parametrize("words", [["wacz", "-o", "-"], ["dossier", "148930267.1", "-o", "-"]])
def test_a_package_is_not_written_to_a_file_called_as_stdout_is(tmp_path: Path, monkeypatch, words: list[str]):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(gochim, ["export", *words, "--archive", str(tmp_path / "archive")])
    assert done.exit_code == 2
    assert "Name a file" in done.output
    assert not (tmp_path / "-").exists()
