"""Check a dossier of gochim, offline, with nothing but Python (3.8 or newer): ``python3 -I verify.py dossier.zip``.

Beside an unpacked dossier, ``python3 -I verify.py`` checks the directory it stands in. What is wrong is named, file by
file; the exit code is 0 when all holds, 3 when something does not.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import html.parser
import io
import json
import re
import struct
import sys
import unicodedata
import urllib.parse
import zlib
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple

FORMAT = "gochim-dossier/1"
SEAL_FORMAT = "gochim-seal/1"
MANIFEST, SEAL, STAMP, WARC = "manifest.json", "seal.json", "manifest.tsr", "evidence.warc.gz"
Members = List[Tuple[str, bytes]]

# "old/version.json", "manifests/000001-4938e6d0d5fdba31.json": no name that leads out of where it is unpacked
_NAME = re.compile(r"(?:(?:old|new|manifests)/)?[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_MOST = 64 * 1024 * 1024
_PIECE = 64 * 1024
# What records may unpack to: so much, and so many times what they are packed in; pages are packed in a sixth.
_MOST_RECORDS, _MOST_TIMES = 128 * 1024 * 1024, 16
_DAY = (1 << 5) | 1  # 1980-01-01: a dossier bears its times inside, not on its members


def canonical(value: object) -> bytes:
    """Write JSON so that equal values give equal bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8") + b"\n"


def counted(number: int, noun: str) -> str:
    """Say how many there are: ``1 look``, ``2 looks``."""
    return "{} {}{}".format(number, noun, "" if number == 1 else "s")


def sha256(data: bytes) -> str:
    """Digest bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def packed(members: Members) -> bytes:
    """Write a ZIP file whose every byte follows from the members' names, order and contents."""
    body, central = bytearray(), bytearray()
    for name, data in members:
        if len(data) >= 0xFFFFFFFF or len(body) >= 0xFFFFFFFF:
            raise ValueError("A dossier of 4 GiB or more cannot be written.")
        raw = name.encode("utf-8")
        facts = struct.pack("<HHHHIIIHH", 0x0800, 0, 0, _DAY, zlib.crc32(data), len(data), len(data), len(raw), 0)
        central += _CENTRAL + struct.pack("<HH", 0x0314, 20) + facts
        central += struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, len(body)) + raw
        body += _LOCAL + struct.pack("<H", 20) + facts + raw + data
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(central), len(body), 0)
    return bytes(body + central + _END + end)


def unpacked(data: bytes) -> Members:
    """Read a ZIP file that :func:`packed` wrote, member after member.

    Raises:
        ValueError: Its structure is not that.
    """
    members: Members = []
    at = 0
    while data[at : at + 4] == _LOCAL:
        fields = struct.unpack_from("<HHHHHIIIHH", data, at + 4)
        size, length = fields[7], fields[8]
        start = at + 30 + length
        if start + size > len(data):
            raise ValueError("the member at byte {} reaches beyond the end of the file".format(at))
        members.append((data[at + 30 : start].decode("utf-8"), data[start : start + size]))
        at = start + size
    if not members or data[at : at + 4] != _CENTRAL:
        raise ValueError("the structure of the ZIP file is damaged at byte {}".format(at))
    return members


class Dossier:
    """Judges the members of a dossier; ``errors`` names what does not hold, ``notes`` what was shown or cannot be."""

    def __init__(self, members: Members) -> None:
        self.members: Dict[str, bytes] = dict(members)
        self.errors: List[str] = []
        self.notes: List[str] = []
        if len(self.members) != len(members):
            self.errors.append("the ZIP file: two members have the same name")

    def check(self, warcs: Optional[Path] = None) -> None:
        """Check everything; what rests on a damaged member is left out, the damage itself is named."""
        self._digests()
        if self.errors:
            return
        try:
            about = json.loads(self.members["dossier.json"])
            records = self._records()
            self._captures(about, records)
            self._interval(about)
            self._sides(about)
            self._versions(about)
            self._steps(about["change"])
            self._texts(about, records)
            self._files(about, records)
            self._chain(about)
            if warcs is not None:
                self._whole_files(about, warcs)
        except (LookupError, ValueError, TypeError, AttributeError, EOFError, RecursionError, zlib.error) as error:
            self.errors.append("dossier.json: says something that cannot be followed ({!r})".format(error))

    def _json(self, name: str) -> Optional[Any]:
        data = self.members.get(name)
        if data is None:
            self.errors.append("{}: is missing".format(name))
            return None
        try:
            value = json.loads(data)
            if canonical(value) == data:
                return value
        except (ValueError, RecursionError):
            pass
        self.errors.append("{}: was altered".format(name))
        return None

    def _digests(self) -> None:
        """Hold every member against the manifest, the manifest against the seal, the seal against its signature."""
        manifest, seal = self._json(MANIFEST), self._json(SEAL)
        try:
            if manifest is not None:
                self._listed(manifest)
            if seal is not None:
                self._sealed(seal)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self.errors.append("{} or {}: was altered ({!r})".format(MANIFEST, SEAL, error))

    def _listed(self, manifest: Any) -> None:
        if set(manifest) != {"format", "members"} or manifest["format"] != FORMAT:
            self.errors.append("{}: was altered, or another version of the program made it".format(MANIFEST))
            return
        listed = {one["name"]: one for one in manifest["members"]}
        for name in sorted(set(listed) | (set(self.members) - {MANIFEST, SEAL, STAMP})):
            data = self.members.get(name)
            if data is None:
                self.errors.append("{}: is missing".format(name))
            elif name not in listed or not _NAME.match(name):
                self.errors.append("{}: does not belong to the dossier".format(name))
            elif listed[name] != {"name": name, "bytes": len(data), "sha256": sha256(data)}:
                self.errors.append("{}: was altered; its SHA-256 is not that of the manifest".format(name))

    def _sealed(self, seal: Any) -> None:
        stamp, signature = self.members.get(STAMP), seal["signature"]
        keys_ok = set(seal) == {"format", "manifest", "stamp", "signature"} and seal["format"] == SEAL_FORMAT
        if not keys_ok or seal["manifest"] != sha256(self.members.get(MANIFEST, b"")):
            self.errors.append("{} or {}: was altered; they do not fit".format(SEAL, MANIFEST))
        if seal["stamp"] != (None if stamp is None else sha256(stamp)):
            self.errors.append("{}: is missing, was altered or does not belong here ({})".format(STAMP, SEAL))
        elif stamp is not None:
            self._stamped(stamp)
        if signature is not None:
            signed = "sha256:" + sha256(self.members.get(MANIFEST, b""))
            if set(signature) != {"algorithm", "publicKey", "signature"} or not signed_by(signature, signed):
                self.errors.append("{}: the signature is not one of this key over this dossier".format(SEAL))
            else:
                key = sha256(base64.b64decode(signature["publicKey"]))
                self.notes.append("signed by the holder of the key with SHA-256 {}".format(key))

    def _stamped(self, stamp: bytes) -> None:
        try:
            digest, moment = stamp_of(stamp)
        except (LookupError, StopIteration, ValueError):
            self.errors.append("{}: is no time stamp".format(STAMP))
            return
        if digest != hashlib.sha256(self.members.get(MANIFEST, b"")).digest():
            self.errors.append("{}: is a time stamp over something else".format(STAMP))
        self.notes.append(
            "time stamp: {}. Who signed it is checked with: openssl ts -verify -data manifest.json -in manifest.tsr "
            "-CAfile CERTIFICATES-OF-THE-AUTHORITY.pem".format(moment)
        )

    def _records(self) -> Dict[str, Dict[str, Any]]:
        """Read the WARC records and hold each against its own digests."""
        found: Dict[str, Dict[str, Any]] = {}
        for record in warc_records(self.members[WARC]):
            fields = record["fields"]
            found[fields["warc-record-id"].strip("<>")] = record
            at = "{}, byte {}".format(WARC, record["at"])
            if not _has_digest(record["block"], fields.get("warc-block-digest", "")):
                self.errors.append("{}: the block does not have its WARC-Block-Digest".format(at))
            if not _has_payload_digest(record, fields.get("warc-payload-digest", "")):
                self.errors.append("{}: the payload does not have its WARC-Payload-Digest".format(at))
        whole = places(found)
        for record in found.values():
            record["repeats"] = repeated(record, found, whole)
        for name, record in found.items():
            self._refers(name, record)
        self.notes.append("{}: the digests are those that they state".format(counted(len(found), "WARC record")))
        return found

    def _refers(self, name: str, record: Dict[str, Any]) -> None:
        fields = record["fields"]
        if fields["warc-type"] != "revisit":
            return
        target = record["repeats"]
        digest = fields.get("warc-payload-digest")
        if target is None:
            self.errors.append("{}: the record that {} repeats is missing".format(WARC, name))
        elif digest and digest != _stated_digest(target, digest):
            self.errors.append("{}: {} repeats a record with another payload".format(WARC, name))

    def _captures(self, about: Any, records: Dict[str, Dict[str, Any]]) -> None:
        """Hold each capture that the dossier speaks of against its record."""
        for one in about["captures"]:
            record = records.get(one["record_id"])
            if record is None:
                self.errors.append("dossier.json: the record {} is not in {}".format(one["record_id"], WARC))
                continue
            fields, data = record["fields"], record["data"]
            if one["length"] != len(data):
                data = record["plain"]  # In its WARC file the record is not compressed.
            claims = [
                ("address", one["url"], _address(fields.get("warc-target-uri", ""))),
                ("time", _instant(one["captured_at"]), _instant(fields["warc-date"])),
                ("payload digest", one["payload_digest"], _stated_digest(record, one["payload_digest"])),
                ("length", one["length"], len(data)),
                ("SHA-256", one["sha256"], sha256(data)),
                ("status", one["status"], _status(record)),
            ]
            for what, claimed, stands in claims:
                if claimed != stands:
                    self.errors.append(
                        "dossier.json: says that the {} of {} is {}, its record says {}".format(
                            what, one["record_id"], claimed, stands
                        )
                    )

    def _interval(self, about: Any) -> None:
        """Do the arithmetic of the interval anew."""
        change, looks = about["change"], about["looks"]
        places = [one["record_id"] for one in looks]
        evidence = change["evidence"]
        start, end = places.index(evidence["old"]["record_id"]), places.index(evidence["new"]["record_id"])
        times = [one["checked_at"] for one in looks]
        wrong = []
        if times != sorted(times):
            wrong.append("the looks are not in order of time")
        if times[start] != change["old_last_seen"] or times[end] != change["new_first_seen"]:
            wrong.append("the interval does not begin and end with its looks")
        if end - start - 1 != change["checks_between"]:
            wrong.append("looks between: there are {}, stated are {}".format(end - start - 1, change["checks_between"]))
        if any(one["version"] is not None and not one.get("unread") for one in looks[start + 1 : end]):
            wrong.append("a look between could tell")
        old = change["from_version"] if change["kind"] != "restored" else None
        # A look between that did not read all of a version may have read another one than the first look did.
        read = [one["version"] for one in looks[start:end] if one["version"] is not None]
        begins = (read or [None])[-1] == old and (looks[start]["version"] is None) == (old is None)
        if not begins or looks[end]["version"] != change["to_version"]:
            wrong.append("the looks at its ends did not read the versions that it leads from and to")
        if (change["kind"] == "removed") != (change["to_version"] is None):
            wrong.append("it is no change of its kind")
        recorded = {one["record_id"]: one for one in about["captures"]}
        if set(places) - set(recorded):
            wrong.append("a look has no record")
        elif any(one["checked_at"] != recorded[one["record_id"]]["captured_at"] for one in looks):
            wrong.append("a look was not made when its record says")
        self.errors += ["dossier.json: {}".format(one) for one in wrong]
        self.notes.append(
            "the old state was last seen at {}, the new one first at {}, with {} between that could not tell".format(
                change["old_last_seen"], change["new_first_seen"], counted(change["checks_between"], "look")
            )
        )

    def _sides(self, about: Any) -> None:
        """Hold where the two states are said to stand against the records, and keep their pages apart."""
        evidence = about["change"]["evidence"]
        recorded = {one["record_id"]: one for one in about["captures"]}
        for side, other in (("old", "new"), ("new", "old")):
            stands = recorded[evidence[side]["record_id"]]
            if any(stands[name] != value for name, value in evidence[side].items()):
                self.errors.append("dossier.json: the {} state does not stand where its record does".format(side))
            if evidence[side]["record_id"] not in about["pages"][side]:
                self.errors.append("dossier.json: the {} page is not among those of its state".format(side))
            if evidence[other]["record_id"] in about["pages"][side]:
                self.errors.append("dossier.json: the {} page is said to be the {} one".format(other, side))

    def _versions(self, about: Any) -> None:
        """Hold the extracted versions against their content digests."""
        for side, number in (("old", about["change"]["from_version"]), ("new", about["change"]["to_version"])):
            if number is None:
                continue
            version = json.loads(self.members[side + "/version.json"])
            said = {name: version[name] for name in about["content_fields"]}
            if "sha256:" + sha256(canonical(said)[:-1]) != version["content_digest"]:
                self.errors.append("{}/version.json: is not what its content digest says".format(side))
            if version["version"] != number or version["extractor"] != about["extractor"]:
                self.errors.append("{}/version.json: is another version, or another extractor read it".format(side))
            if version["article"] != about["change"]["article"]:
                self.errors.append("{}/version.json: is of another article".format(side))
            self._said(side, version, about["change"])
        newest = "old" if about["change"]["to_version"] is None else "new"
        version = json.loads(self.members[newest + "/version.json"])
        for name in ("title", "url", "section", "source"):
            if about["change"][name] != version[name]:
                self.errors.append("dossier.json: the {} is not that of {}/version.json".format(name, newest))
        if newest == "new":
            self._all_told(about["change"])

    def _all_told(self, change: Any) -> None:
        """Hold the two versions against each other where the change says nothing of a field."""
        old, new = (stood_in(json.loads(self.members[side + "/version.json"])) for side in ("old", "new"))
        for field in sorted(set(old) - {one["field"] for one in change["fields"]}):
            if old[field] != new[field]:
                self.errors.append("dossier.json: does not tell that the {} changed".format(field))

    def _said(self, side: str, version: Any, change: Any) -> None:
        """Hold what a change says that a version said against the version."""
        stood = stood_in(version)
        for field in change["fields"]:
            if field["field"] in stood:
                told = {one[side + "_index"]: one[side] for one in field["ops"] if one[side] is not None}
                if told != dict(enumerate(stood[field["field"]])):
                    self.errors.append(
                        "dossier.json: the {} {} is not that of {}/version.json".format(side, field["field"], side)
                    )

    def _steps(self, change: Any) -> None:
        """Hold the words of each step against its texts."""
        for step in (one for field in change["fields"] for one in field["ops"]):
            for side, without in (("old", "insert"), ("new", "delete")):
                words = "".join(text for tag, text in step["words"] if tag != without)
                if step["words"] and words != (step[side] or ""):
                    self.errors.append("dossier.json: the words of a step are not those of its {} text".format(side))

    def _texts(self, about: Any, records: Dict[str, Dict[str, Any]]) -> None:
        """Look for every text that was removed or added in the pages themselves."""
        pages = {side: self._page_texts(about["pages"][side], records) for side in ("old", "new")}
        in_file = {
            side: json.loads(self.members.get(side + "/version.json", b"{}")).get("body_from") == "attachment"
            for side in pages
        }
        shown, dark = 0, 0
        for side, field, text in changed_texts(about["change"]):
            texts = pages[side]
            if texts is None or (field == "body" and in_file[side]):
                dark += 1
            elif _bare(text) in texts:
                shown += 1
            else:
                self.errors.append(
                    "{}: the {} page does not hold this text of {}: {}".format(WARC, side, field, text[:80])
                )
        self._stated_texts(about, pages)
        if shown:
            self.notes.append("changed texts found in the archived pages: {} of {}".format(shown, shown + dark))
        if dark:
            self.notes.append("changed texts in files, or in a coding that Python cannot read: {}".format(dark))

    def _stated_texts(self, about: Any, pages: Dict[str, Optional[str]]) -> None:
        """Look for all that the versions say in the pages that they were read from."""
        came_to = {one["record_id"]: one["outcome"] for one in about["looks"]}
        for side, texts in pages.items():
            bodiless = came_to.get(about["change"]["evidence"][side]["record_id"]) == "incomplete"
            version = json.loads(self.members.get(side + "/version.json", b"null"))
            if version is None:
                continue
            if texts is None:
                self.notes.append("the {} page is in a coding that Python cannot read".format(side))
                continue
            for field, stood in stood_in(version).items():
                missing = [one for one in stood if _bare(one) not in texts]
                if missing and field == "body" and bodiless:
                    self.notes.append("the text of the {} version was read by another look".format(side))
                elif missing and not (field == "body" and version.get("body_from") == "attachment"):
                    self.errors.append(
                        "{}: the {} page does not hold this {} of {}/version.json: {}".format(
                            WARC, side, field, side, missing[0][:80]
                        )
                    )

    def _files(self, about: Any, records: Dict[str, Dict[str, Any]]) -> None:
        """Look for the files and pictures of both versions among the payloads."""
        held = {sha256(one) for one in map(_plain, records.values()) if one is not None}
        for side in ("old", "new"):
            version = json.loads(self.members.get(side + "/version.json", b"{}"))
            named = [one["sha256"] for part in ("attachments", "images") for one in version.get(part, [])
                     if one.get("sha256")]  # fmt: skip
            found = sum(1 for one in named if one in held)
            if named:
                self.notes.append(
                    "files and pictures of the {} version that are here, byte for byte: {} of {}".format(
                        side, found, len(named)
                    )
                )
        if about["change"]["kind"] == "removed":
            answers = {one["record_id"]: one["status"] for one in about["captures"]}
            told = [(one["outcome"], answers[one["record_id"]]) for one in about["looks"][1:]]
            came_to = ["{} ({})".format(*one) if one[1] else one[0] for one in told]
            self.notes.append("the looks after the last at the old state came to: " + ", ".join(came_to))

    def _page_texts(self, names: List[str], records: Dict[str, Dict[str, Any]]) -> Optional[str]:
        parts = []
        for name in names:
            record = records[name]
            held = record["repeats"] or record
            if held["fields"]["warc-type"] not in {"response", "resource"}:
                raise ValueError("{} is no page".format(name))
            body = _plain(held)
            if body is None:
                return None
            parts.append(_bare(page_text(decoded(body, _media_type(held)))))
        return "\0".join(parts)

    def _chain(self, about: Any) -> None:
        """Follow the run log from its first manifest to its head."""
        before: Optional[str] = None
        covered: Dict[str, str] = {}
        names = sorted(name for name in self.members if name.startswith("manifests/"))
        for number, name in enumerate(names, 1):
            data = self.members[name]
            manifest, digest = json.loads(data), sha256(data)
            named = "manifests/{:06d}-{}.json".format(number, digest[:16])
            if name != named or manifest["number"] != number or manifest["previous"] != before:
                self.errors.append("{}: does not follow from the manifest before it".format(name))
            before = "sha256:" + digest
            covered.update({one["name"]: one["sha256"] for one in manifest["files"]})
        if before != about["head"]:
            self.errors.append("manifests/: do not lead to the head {}".format(about["head"]))
        for name in sorted({one["warc"] for one in about["captures"]} - set(covered)):
            self.errors.append("manifests/: none vouches for {}".format(name))
        self.notes.append("the run log leads over {} to its head, {}".format(counted(len(names), "manifest"), before))

    def _whole_files(self, about: Any, root: Path) -> None:
        """Hold the cut records against the archive's own WARC files, where someone has them."""
        covered: Dict[str, str] = {}
        for name, data in self.members.items():
            if name.startswith("manifests/"):
                covered.update({one["name"]: one["sha256"] for one in json.loads(data)["files"]})
        of_file: Dict[str, List[Any]] = {}
        for one in about["captures"]:
            of_file.setdefault(one["warc"], []).append(one)
        same = 0
        for name in sorted(of_file):
            path = root / name
            if not path.is_file():
                self.errors.append("{}: is not there; name the archive that the dossier was made from".format(path))
                continue
            whole = path.read_bytes()
            if sha256(whole) != covered.get(name):
                self.errors.append("{}: is not the file that the run log vouches for".format(path))
            else:
                same += 1
            for one in of_file[name]:
                if sha256(whole[one["offset"] : one["offset"] + one["length"]]) != one["sha256"]:
                    self.errors.append("{}: does not hold {}".format(path, one["record_id"]))
        self.notes.append(
            "WARC files of the archive that are those that the run log vouches for: {} of {}".format(same, len(of_file))
        )


def warc_records(data: bytes) -> Iterator[Dict[str, Any]]:
    """Give the records of a WARC file with a gzip member for each.

    Raises:
        ValueError: It is not that, or unpacks to so much that it would fill the memory.
    """
    at, left = 0, _MOST_RECORDS + _MOST_TIMES * len(data)
    while at < len(data):
        member, parts, end = zlib.decompressobj(31), [], at
        while not member.eof and end < len(data):
            # Piece by piece: given all that follows, each of thousands of records would be a copy of all the others.
            piece = data[end : end + _PIECE]
            parts.append(member.decompress(piece, left + 1))
            left -= len(parts[-1])
            if left < 0:
                raise ValueError("what is packed at byte {} is taken for a decompression bomb".format(at))
            end += len(piece)
        end -= len(member.unused_data)
        plain = b"".join(parts)
        head, _, rest = plain.partition(b"\r\n\r\n")
        # A line that begins with white space goes on with the one before it.
        lines = re.sub("\r\n[ \t]+", " ", head.decode("utf-8", "replace")).split("\r\n")
        pairs = [line.split(":", 1) for line in lines[1:]]
        fields = {name.lower(): value.strip() for name, value in reversed(pairs)}
        length = int(fields["content-length"])
        if not member.eof or not re.match("WARC/[01][.][0-9]+$", lines[0]) or rest[length:] != b"\r\n\r\n":
            raise ValueError("no whole WARC record at byte {}".format(at))
        yield {"at": at, "fields": fields, "block": rest[:length], "data": data[at:end], "plain": plain}
        at = end


Places = Dict[Tuple[str, str], List[Dict[str, Any]]]


def places(found: Dict[str, Dict[str, Any]]) -> Places:
    """Put the records with a payload under their address and second, and under their address and nothing."""
    whole: Places = {}
    for record in found.values():
        fields = record["fields"]
        if fields["warc-type"] in {"response", "resource"}:
            address = _address(fields.get("warc-target-uri", ""))
            for key in (_instant(fields["warc-date"])[:19], ""):
                whole.setdefault((address, key), []).append(record)
    return whole


def repeated(record: Dict[str, Any], found: Dict[str, Dict[str, Any]], whole: Places) -> Optional[Dict[str, Any]]:
    """Find what a revisit repeats: the record it names by id, by address and date, or by its digest alone."""
    fields = record["fields"]
    if fields["warc-type"] != "revisit":
        return None
    if "warc-refers-to" in fields:
        return found.get(fields["warc-refers-to"].strip("<>"))
    url, date = fields.get("warc-refers-to-target-uri"), fields.get("warc-refers-to-date")
    if url and date:
        # Programs cut a date to whole seconds here or there.
        named = whole.get((_address(url), _instant(date)[:19]), [])
        exact = [one for one in named if _instant(one["fields"]["warc-date"]) == _instant(date)]
        return next(iter(exact or named), None)
    digest, own = fields.get("warc-payload-digest"), _address(fields.get("warc-target-uri", ""))
    if not digest:
        return None
    if (own, digest) not in whole:
        whole[own, digest] = [one for one in whole.get((own, ""), []) if _has_payload_digest(one, digest)][:1]
    return next(iter(whole[own, digest]), None)


def payload(block: bytes) -> Tuple[Dict[str, str], bytes]:
    """Split an HTTP message: its fields in lower case, its body without chunk framing."""
    head, _, body = block.partition(b"\r\n\r\n")
    pairs = [line.split(":", 1) for line in head.decode("latin-1").split("\r\n")[1:] if ":" in line]
    fields = {name.strip().lower(): value.strip() for name, value in pairs}
    if "chunked" not in fields.get("transfer-encoding", "").lower():
        return fields, body
    plain, at = bytearray(), 0
    while True:
        line = re.compile(rb"([0-9A-Fa-f]+)[ \t]*(;[^\r\n]*)?\r\n").match(body, at)
        if line is None:
            # Programs that undo the framing and keep its field leave a body without any.
            return fields, bytes(plain) if at else body
        size = int(line.group(1), 16)
        if not size:
            return fields, bytes(plain)
        plain += body[line.end() : line.end() + size]
        at = line.end() + size + 2


def decoded(body: bytes, media_type: str) -> str:
    """Decode a page: the charset that the header or the page names, UTF-8 otherwise."""
    charsets = []
    for text in (media_type, body[:2048].decode("latin-1")):
        named = re.search(r"charset=[\"']?([\w-]+)", text)
        charsets += [named.group(1).lower()] if named else []
    charsets = [{"euc-kr": "cp949", "ks_c_5601-1987": "cp949"}.get(one, one) for one in charsets]
    for charset in [*charsets, "utf-8", "cp949"]:
        try:
            return body.decode(charset)
        except (LookupError, ValueError):
            continue  # A charset that nobody knows, or that the bytes contradict.
    return body.decode("utf-8", "replace")


def _plain(record: Dict[str, Any]) -> Optional[bytes]:
    """Give what a record brought, None where it brought nothing or Python cannot undo its coding."""
    if record["fields"]["warc-type"] == "resource":
        return record["block"]  # type: ignore[no-any-return]
    if record["fields"]["warc-type"] != "response":
        return None
    head, body = payload(record["block"])
    coding = head.get("content-encoding", "identity").lower()
    if coding in {"gzip", "x-gzip"} and body[:2] == b"\x1f\x8b":
        return _gunzipped(body)
    # Programs that undo the coding and keep its field leave text, which has no control characters.
    is_text = re.search(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]", body) is None
    return body if coding == "identity" or not body or is_text else None


def _gunzipped(body: bytes) -> Optional[bytes]:
    """Undo gzip of one or more members, None where it is damaged or would fill the memory."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            plain = file.read(_MOST + 1)
    except (OSError, EOFError, zlib.error):
        return None
    return plain if len(plain) <= _MOST else None


def _media_type(record: Dict[str, Any]) -> str:
    head = record["fields"] if record["fields"]["warc-type"] == "resource" else payload(record["block"])[0]
    return head.get("content-type", "")


def stood_in(version: Any) -> Dict[str, List[str]]:
    """Give the texts of a version that its page holds, by field."""
    body = [one["text"] for one in version["body"]]
    return {"title": [version["title"]], "subtitles": version["subtitles"], "body": body}


def changed_texts(change: Any) -> Iterator[Tuple[str, str, str]]:
    """Give side, field and text of all that a change removed from or added to what a page says."""
    for field in change["fields"]:
        if field["field"] not in {"title", "subtitles", "body"}:
            continue
        for op in field["ops"]:
            for side in ("old", "new"):
                if op["op"] != "keep" and op[side] and (side == "old" or change["to_version"] is not None):
                    yield side, field["field"], op[side]


class _Text(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: List[str] = []

    def handle_data(self, data: str) -> None:
        if self.cdata_elem not in {"script", "style"}:
            self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002  # the parser's own signature
        self.parts += [value for name, value in attrs if name in {"alt", "title", "content", "src"} and value]


def page_text(source: str) -> str:
    """Give all that a page says, in its order, with its pictures' words and addresses."""
    reader = _Text()
    reader.feed(source)
    reader.close()
    return "".join(reader.parts)


def _bare(text: str) -> str:
    """Leave out white space and what is not seen, which readers of pages treat in different ways."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(one for one in plain if not one.isspace() and unicodedata.category(one) != "Cf")


def _has_digest(data: bytes, label: str) -> bool:
    """Say whether bytes have a digest, in base 16 or 32; one of an algorithm that is not known here may be theirs."""
    algorithm, _, value = label.partition(":")
    if algorithm.lower().replace("-", "") not in {"sha1", "sha256", "sha512", "md5"}:
        return True
    digest = hashlib.new(algorithm.lower().replace("-", ""), data).digest()
    return value.lower() == digest.hex() or value.upper().rstrip("=") == base64.b32encode(digest).decode().rstrip("=")


def _has_payload_digest(record: Dict[str, Any], label: str) -> bool:
    """Say whether a record's payload has a digest; some programs take it over the chunk framing too."""
    if record["fields"]["warc-type"] == "resource":
        return _has_digest(record["block"], label)
    if record["fields"]["warc-type"] != "response" or "warc-segment-number" in record["fields"]:
        return True
    framed = record["block"].partition(b"\r\n\r\n")[2]
    return _has_digest(payload(record["block"])[1], label) or _has_digest(framed, label)


def _stated_digest(record: Dict[str, Any], claimed: Optional[str]) -> Optional[str]:
    """Give the payload digest that a record states; where it states none, what is claimed if the payload has it."""
    stated = record["fields"].get("warc-payload-digest")
    held = record["repeats"] or record
    if stated is None and claimed and held["fields"]["warc-type"] != "revisit" and _has_payload_digest(held, claimed):
        return claimed
    return stated  # type: ignore[no-any-return]


def _address(uri: str) -> str:
    """Write an address as the archive does: without brackets, percent-encoded where the standard (RFC 3986) asks."""
    bare = uri[1:-1] if uri.startswith("<") and uri.endswith(">") else uri
    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", bare.strip())
    return urllib.parse.quote(whole, safe="!#$%&'()*+,/:;=?@[]~-._", errors="replace")


def _instant(text: str) -> str:
    """Write a date of any granularity in one way; digits beyond microseconds are cut."""
    # "2026-09-15T09:16:48.123456+00:00", "2026-09-15T09:16:48.123456789Z", "2026-09-15T09:16:48Z", "2026-09"
    match = re.match(
        r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.]([0-9]+))?)?)?"
        r"(?:Z|[+]00:00)?$",
        text.strip(),
    )
    if match is None:
        return text
    year, month, day, hour, minute, second, fraction = match.groups()
    date, time = (year, month or "01", day or "01"), (hour or "00", minute or "00", second or "00")
    return "{}T{}.{}".format("-".join(date), ":".join(time), ((fraction or "") + "000000")[:6])


def _status(record: Dict[str, Any]) -> Optional[int]:
    # "HTTP/1.1 200 OK"
    kind = record["fields"]["warc-type"]
    if kind == "resource":
        return 200
    if kind == "revisit" and not record["block"]:
        return 304  # Heritrix writes no byte of an answer that says that nothing was modified.
    match = re.match(rb"HTTP/[0-9.]+ +([0-9]{3})", record["block"])
    return int(match.group(1)) if match and kind != "metadata" else None


def stamp_of(data: bytes) -> Tuple[bytes, str]:
    """Read from an RFC 3161 answer which digest was stamped, and when (``genTime``)."""
    marker = bytes.fromhex("060b2a864886f70d0109100104")  # id-ct-TSTInfo, 1.2.840.113549.1.9.16.1.4
    at = data.index(marker) + len(marker)
    for _ in range(2):  # [0] EXPLICIT, OCTET STRING
        at = _element(data, at)[1]
    fields, parts = _element(data, at), []
    at = fields[1]
    while at < fields[2]:
        tag, start, end = _element(data, at)
        parts.append((tag, start, end))
        at = end
    imprint = _element(data, parts[2][1])
    hashed = _element(data, imprint[2])
    moment = next(data[start:end].decode("ascii") for tag, start, end in parts if tag == 0x18)
    return data[hashed[1] : hashed[2]], moment


def _element(data: bytes, at: int) -> Tuple[int, int, int]:
    """Read one DER element: its tag, where its content begins and ends."""
    length, start = data[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    return data[at], start, start + length


# NIST P-384 (FIPS 186-4, D.1.2.4)
_P = 2**384 - 2**128 - 2**96 + 2**32 - 1
_N = int("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16)
_B = int("B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF", 16)
_G = (
    int("AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7", 16),
    int("3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F", 16),
)
_SPKI = bytes.fromhex("3076301006072a8648ce3d020106052b81040022036200")
Point = Optional[Tuple[int, int]]


def _add(one: Point, two: Point) -> Point:
    if one is None or two is None:
        return one or two
    if one[0] == two[0] and (one[1] + two[1]) % _P == 0:
        return None
    if one == two:
        slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, _P) % _P
    else:
        slope = (two[1] - one[1]) * pow(two[0] - one[0], -1, _P) % _P
    x = (slope * slope - one[0] - two[0]) % _P
    return x, (slope * (one[0] - x) - one[1]) % _P


def _times(factor: int, point: Point) -> Point:
    total: Point = None
    while factor:
        if factor & 1:
            total = _add(total, point)
        point, factor = _add(point, point), factor >> 1
    return total


def signed_by(signature: Dict[str, str], text: str) -> bool:
    """Verify ECDSA on P-384 with SHA-256 (FIPS 186-4, 6.4)."""
    key = base64.b64decode(signature["publicKey"], validate=True)
    raw = base64.b64decode(signature["signature"], validate=True)
    strict = [base64.b64encode(key).decode(), base64.b64encode(raw).decode()]
    if strict != [signature["publicKey"], signature["signature"]] or signature["algorithm"] != "ECDSA-P384-SHA256":
        return False
    if len(key) != 120 or len(raw) != 96 or not key.startswith(_SPKI + b"\x04"):
        return False
    public = (int.from_bytes(key[24:72], "big"), int.from_bytes(key[72:], "big"))
    on_curve = (public[1] ** 2 - public[0] ** 3 + 3 * public[0] - _B) % _P == 0
    r, s = int.from_bytes(raw[:48], "big"), int.from_bytes(raw[48:], "big")
    if not on_curve or not (0 < r < _N and 0 < s < _N):
        return False
    hashed = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    inverse = pow(s, -1, _N)
    point = _add(_times(hashed * inverse % _N, _G), _times(r * inverse % _N, public))
    return point is not None and point[0] % _N == r


def judged(data: bytes, warcs: Optional[Path] = None) -> Dossier:
    """Judge a dossier as a ZIP file, every byte of it."""
    try:
        members = unpacked(data)
    except (ValueError, struct.error) as error:
        dossier = Dossier([])
        dossier.errors.append("the ZIP file: {}".format(error))
        return dossier
    dossier = Dossier(members)
    again = packed(members)
    if again != data:
        at = _first_difference(data, again)
        dossier.errors.append("the ZIP file: was altered at byte {} ({})".format(at, _part(members, at)))
    dossier.check(warcs)
    return dossier


def _first_difference(one: bytes, two: bytes) -> int:
    low, high = 0, min(len(one), len(two))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == two[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _part(members: Members, at: int) -> str:
    end = 0
    for name, data in members:
        end += 30 + len(name.encode("utf-8")) + len(data)
        if at < end:
            return "in or before " + name
    return "in its directory"


def judged_directory(root: Path, warcs: Optional[Path] = None) -> Dossier:
    """Judge a dossier that was unpacked into a directory."""
    paths = sorted(root.rglob("*"))
    files = [path for path in paths if path.is_file() and not path.is_symlink()]
    dossier = Dossier([(path.relative_to(root).as_posix(), path.read_bytes()) for path in files])
    for path in paths:
        # What a link leads to can be another thing tomorrow.
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            dossier.errors.append("{}: is no file and does not belong".format(path.relative_to(root).as_posix()))
    dossier.check(warcs)
    return dossier


def visible(text: str) -> str:
    """Show what a terminal would obey as escapes, so that no name in a dossier can write lines of its own."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def main() -> int:
    """Check what the command line names and say what came of it."""
    parser = argparse.ArgumentParser(description="Check a dossier of gochim.")
    parser.add_argument("dossier", nargs="?", help="the ZIP file or its unpacked directory (default: here)")
    parser.add_argument("--archive", type=Path, help="the archive it was made from, to compare the WARC files too")
    given = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal or a file that cannot hold Korean (Windows) gets its codes, and the verdict all the same.
        sys.stdout.reconfigure(errors="backslashreplace")
    path = Path(given.dossier) if given.dossier else Path(__file__).resolve().parent
    try:
        dossier = judged_directory(path, given.archive) if path.is_dir() else judged(path.read_bytes(), given.archive)
    except OSError as error:
        parser.error("{} cannot be read: {}".format(error.filename or path, error.strerror))
    for line in dossier.notes:
        print("shown: " + visible(line))
    for line in dossier.errors:
        print("WRONG: " + visible(line))
    own = sha256(Path(__file__).read_bytes())
    print("this verify.py has the SHA-256 " + own + "; compare it with the one that the project publishes")
    print("The dossier does NOT hold." if dossier.errors else "The dossier holds: every byte of it was checked.")
    return 3 if dossier.errors else 0


if __name__ == "__main__":
    sys.exit(main())
