"""What the WARC standard asks of one record's header and block, rule by rule.

Every rule has an id, the clause it comes from and a sentence with its cure. A "shall" is an error and a "should" a
warning; the exceptions say why. Source: ISO 28500:2017 (WARC/1.1), with 0.17 to 1.0 read by the same rules where
they do not differ, and the IIPC's community annotations.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from storage.http_message import parse_number
from storage.warc_record import IDENTICAL_PAYLOAD, WARC_FIELDS, Fields, parse_date, parse_digest

Severity = Literal["error", "warning"]
REVISIT_TARGET = "revisit-target"
"""The rule that a revisit breaks whose original is nowhere; a damaged file has thousands of others break it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one rule: where, which clause of WARC/1.1 (ISO 28500:2017), and what to do.

    ``refers_to`` is the record that a revisit names and that is nowhere, "" of every other breach.
    """

    severity: Severity
    offset: int
    record_id: str
    rule: str
    clause: str
    sentence: str
    refers_to: str = ""

    def __str__(self) -> str:
        """Say it in one line: ``byte 1,204 (urn:uuid:…): … [damage, WARC/1.1 clause 4]``."""
        record = f" ({self.record_id})" if self.record_id else ""
        return f"byte {self.offset:,}{record}: {self.sentence} [{self.rule}, WARC/1.1 clause {self.clause}]"


@dataclass(frozen=True, slots=True)
class Breach:
    """A finding before its record is known."""

    severity: Severity
    rule: str
    clause: str
    sentence: str


Breaches = Iterator[Breach]

ALL_TYPES = frozenset(
    {"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"}
)
_ALL_BUT_INFO = ALL_TYPES - {"warcinfo"}
_WITH_PAYLOAD = ALL_TYPES - {"warcinfo", "metadata"}
_OF_AN_EVENT = ALL_TYPES - {"warcinfo", "conversion", "continuation"}
_VERSIONS = {"0.17", "0.18", "1.0", "1.1"}

# An absolute URI: scheme, colon, and no white space, angle brackets or non-ASCII: "https://a.kr/b", "urn:uuid:1".
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x3b\x3d\x3f-\x7e]+")

# Characters RFC 3986 has no place for, and a % that encodes nothing: "http://a.kr/?q={x}|100%".
_STRAY = re.compile(r"[\"\\^`{|}]|%(?![0-9A-Fa-f]{2})")

# RFC 2045 with the blanks that RFC 7231 allows: "application/http; msgtype=response", 'text/x; a="b c"'.
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - a grammar rule, not a secret
_MEDIA_TYPE = re.compile(rf'{_TOKEN}/{_TOKEN}(?:[ \t]*;[ \t]*{_TOKEN}=(?:{_TOKEN}|"[^"]*"))*[ \t]*;?')

# A whole header as it ought to be: no rule of the header's lines has anything to say of it.
_SOUND = re.compile(
    rb"WARC/(?:0\.17|0\.18|1\.0|1\.1)\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\x00-\x08\x0a-\x1f\x7f]*\r\n)*\r\n"
)

# The kind of HTTP message: "application/http; msgtype=response", 'application/http;msgtype="request"'.
_MSGTYPE = re.compile(r"msgtype\s*=\s*\"?(\w+)", re.IGNORECASE)

_remembered = lru_cache(maxsize=4096)
"""Dates, addresses and ids stand on several records of one event each, media types on nearly all."""


@_remembered
def _uri(value: str) -> str | None:
    return None if _URI.fullmatch(value) else "an absolute URI such as https://www.example.kr/, blanks percent-encoded"


@_remembered
def _id(value: str) -> str | None:
    whole = value.startswith("<") and value.endswith(">") and _URI.fullmatch(value[1:-1])
    return None if whole else "an absolute URI in angle brackets, such as <urn:uuid:...>"


def _number(value: str) -> str | None:
    return None if parse_number(value) is not None else "a whole number"


@_remembered
def _date(value: str) -> str | None:
    try:
        parse_date(value)
    except ValueError:
        return "a UTC date such as 2026-09-15T09:16:48Z"
    return None


@_remembered
def _media(value: str) -> str | None:
    return None if _MEDIA_TYPE.fullmatch(value) else "a media type such as application/warc-fields"


@_remembered
def _digest(value: str) -> str | None:
    return None if parse_digest(value) else "algorithm, colon and a digest of that algorithm's length"


@_remembered
def _ip(value: str) -> str | None:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return "a numeric IPv4 or IPv6 address"
    return None


def _any(_: str) -> str | None:
    return None


def is_date(value: str) -> bool:
    """Say whether a date is one."""
    return _date(value) is None


def is_ip(value: str) -> bool:
    """Say whether an address of IP is one."""
    return _ip(value) is None


def is_address(value: str) -> bool:
    """Say whether a URI is one, without any character that has no place in one."""
    return _uri(value) is None and _STRAY.search(value) is None


@dataclass(frozen=True, slots=True)
class _Field:
    """What the standard says of one field: clause, form, on which types it may stand, on which it must."""

    clause: str
    form: Callable[[str], str | None]
    allowed: frozenset[str] = ALL_TYPES
    required: frozenset[str] = frozenset()


_NO_TYPES: frozenset[str] = frozenset()
FIELDS = {
    "WARC-Record-ID": _Field("5.2", _id, required=ALL_TYPES),
    "Content-Length": _Field("5.3", _number, required=ALL_TYPES),
    "WARC-Date": _Field("5.4", _date, required=ALL_TYPES),
    "WARC-Type": _Field("5.5", _any, required=ALL_TYPES),
    "Content-Type": _Field("5.6", _media),
    "WARC-Concurrent-To": _Field("5.7", _id, _OF_AN_EVENT),
    "WARC-Block-Digest": _Field("5.8", _digest),
    "WARC-Payload-Digest": _Field("5.9", _digest, _WITH_PAYLOAD),
    "WARC-IP-Address": _Field("5.10", _ip, _OF_AN_EVENT),
    "WARC-Refers-To": _Field("5.11", _id, frozenset({"metadata", "revisit", "conversion"})),
    "WARC-Refers-To-Target-URI": _Field("5.12", _uri, frozenset({"revisit"})),
    "WARC-Refers-To-Date": _Field("5.13", _date, frozenset({"revisit"})),
    "WARC-Target-URI": _Field("5.14", _uri, _ALL_BUT_INFO, _ALL_BUT_INFO - {"metadata"}),
    "WARC-Truncated": _Field("5.15", _any),
    "WARC-Warcinfo-ID": _Field("5.16", _id, _ALL_BUT_INFO),
    "WARC-Filename": _Field("5.17", _any, frozenset({"warcinfo"})),
    "WARC-Profile": _Field("5.18", _uri, frozenset({"revisit"}), frozenset({"revisit"})),
    "WARC-Identified-Payload-Type": _Field("5.19", _media, _WITH_PAYLOAD),
    "WARC-Segment-Number": _Field("5.20", _number, ALL_TYPES, frozenset({"continuation"})),
    "WARC-Segment-Origin-ID": _Field("5.21", _id, frozenset({"continuation"}), frozenset({"continuation"})),
    "WARC-Segment-Total-Length": _Field("5.22", _number, frozenset({"continuation"})),
}
_CANONICAL = {name.lower(): name for name in FIELDS}
_URIS = ("WARC-Target-URI", "WARC-Profile", "WARC-Refers-To-Target-URI")


def header_breaches(raw: bytes) -> Breaches:
    """Judge the header's lines: version, line ends, names, encoding (clause 4)."""
    if raw.isascii() and _SOUND.fullmatch(raw):
        return
    lines = raw.split(b"\n")
    # The version line, in any case: "WARC/1.1", "warc/1.0".
    version = re.fullmatch(rb"WARC/([0-9.]+)\r?", lines[0], re.IGNORECASE)
    number = version[1].decode() if version else ""
    if number not in _VERSIONS:
        yield Breach("error", "version", "4", f"The version line is {lines[0][:40]!r}; write WARC/1.1.")
    if any(not line.endswith(b"\r") for line in lines[:-1]):
        yield Breach("error", "line-ends", "4", "Header lines end in LF alone; end each with CRLF.")
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        yield Breach("error", "encoding", "4", f"The header is not UTF-8 at its byte {error.start}; encode it anew.")
    for line in (one.rstrip(b"\r") for one in lines[1:]):
        if line[:1] in {b" ", b"\t"}:
            yield Breach(
                "warning", "folded", "4", "A field is folded over several lines, which few tools read; join it."
            )
        # A field name is a token that the colon follows at once: "WARC-Date: 2026", not "WARC-Date : 2026".
        elif line and not re.match(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:", line):
            yield Breach("error", "field-syntax", "4", f"The line {line[:60]!r} is not `name: value`; mend or drop it.")
        # Any control character but tab and line end: "a\x00b".
        if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", line):
            yield Breach(
                "error", "control-character", "4", f"The line {line[:60]!r} has control characters; drop them."
            )


def field_breaches(fields: Fields, type_: str, version: str) -> Breaches:
    """Judge each defined field by itself: repeated, empty, malformed, missing, or where it may not stand (clause 5)."""
    present: dict[str, list[str]] = {}
    for name, value in fields:
        if (canonical := _CANONICAL.get(name.lower())) is not None:
            present.setdefault(canonical, []).append(value)
    for name, values in present.items():
        rule = FIELDS[name]
        if len(values) > 1 and name != "WARC-Concurrent-To":
            yield Breach("error", "repeated", "5.1", f"{name} stands {len(values)} times; keep the one that is right.")
        if type_ in ALL_TYPES and type_ not in rule.allowed:
            # 5.18 calls the profile of other types "undefined", which is not "shall not".
            severity: Severity = "warning" if name == "WARC-Profile" else "error"
            yield Breach(severity, "forbidden", rule.clause, f"{name} may not stand on a {type_} record; remove it.")
        for value in values:
            yield from _form(name, value, version)
    for name in _required(type_):
        if name not in present:
            yield Breach(
                "error",
                "missing",
                FIELDS[name].clause,
                f"{name} is missing from a {type_ or 'typeless'} record; add it.",
            )


@lru_cache(maxsize=64)
def _required(type_: str) -> tuple[str, ...]:
    """Give the fields that a record of this type must have; one of a type nobody knows what every record has."""
    return tuple(name for name, one in FIELDS.items() if type_ in one.required or one.required == ALL_TYPES)


def _form(name: str, value: str, version: str) -> Breaches:
    rule = FIELDS[name]
    if not value:
        yield Breach("error", "empty", rule.clause, f"{name} is empty; give it a value or remove it.")
        return
    if name in _URIS and value.startswith("<") and value.endswith(">"):
        # The grammar of 1.0 had the brackets, its examples did not; readers of either take them off.
        severity: Severity = "error" if version == "1.1" else "warning"
        yield Breach(severity, "brackets", rule.clause, f"{name} is {value[:60]!r}; write the URI without brackets.")
        value = value[1:-1]
    wanted = rule.form(value)
    if wanted:
        yield Breach("error", "form", rule.clause, f"{name} is {value[:60]!r}; write {wanted}.")
    elif rule.form is _uri and _STRAY.search(value):
        yield Breach("warning", "uri", rule.clause, f"{name} has characters RFC 3986 forbids; percent-encode them.")
    elif rule.form is _digest and (digest := parse_digest(value)) and digest[1] is None:
        yield Breach("warning", "algorithm", rule.clause, f"{name} uses {digest[0]}, which is not checked here.")
    # Whole seconds, as 1.0 had it: "2026-09-15T09:16:48Z".
    elif name == "WARC-Date" and version != "1.1" and not re.fullmatch(r"(?i)[0-9-]{10}T[0-9:]{8}Z", value):
        yield Breach("error", "precision", "5.4", f"WARC-Date is {value!r}; before WARC/1.1 it has whole seconds.")
    elif name == "WARC-Truncated" and value.lower() not in {"length", "time", "disconnect", "unspecified"}:
        yield Breach(
            "warning", "reason", "5.15", f"WARC-Truncated is {value[:40]!r}, a reason the standard does not know."
        )


def type_breaches(fields: Fields, type_: str, block_length: int) -> Breaches:
    """Judge what the record's type asks for beyond single fields (clauses 5.6 and 6)."""
    if type_ and type_ not in ALL_TYPES:
        yield Breach("warning", "type", "5.5", f"Record type {type_[:40]!r} is an extension; other readers skip it.")
    content = fields.get("Content-Type") or ""
    if block_length and not content and type_ != "continuation":
        # A "should", held as a must: without it no reader knows whether HTTP headers stand in the block.
        yield Breach(
            "error", "content-type", "5.6", "A record with a block has no Content-Type; say what the block is."
        )
    scheme = (fields.get("WARC-Target-URI") or "").lstrip("<").partition(":")[0].lower()
    if type_ == "warcinfo" and content and not content.lower().startswith(WARC_FIELDS):
        yield Breach(
            "error", "warcinfo-type", "8", f"A warcinfo is {content[:40]!r}; write it as application/warc-fields."
        )
    if type_ in {"request", "response"} and scheme in {"http", "https"}:
        yield from _http_breaches(fields, type_, content)
    if type_ == "resource" and scheme == "dns" and content and not content.lower().startswith("text/dns"):
        yield Breach("error", "dns-type", "6.4.4", f"A DNS lookup is {content[:40]!r}; its type is text/dns.")
    if type_ == "revisit":
        yield from _revisit_breaches(fields, content, block_length)
    if type_ == "conversion" and not fields.get("WARC-Refers-To"):
        yield Breach("warning", "conversion", "6.8", "A conversion does not say of what; add WARC-Refers-To.")
    number = parse_number(fields.get("WARC-Segment-Number"))
    if number is not None and (number < 2 if type_ == "continuation" else number != 1):
        wanted = "2 or more on a continuation" if type_ == "continuation" else "1 on any record but a continuation"
        yield Breach("error", "segment-number", "5.20", f"WARC-Segment-Number is {number}; it is {wanted}.")


def _http_breaches(fields: Fields, type_: str, content: str) -> Breaches:
    clause = "6.3.2" if type_ == "response" else "6.5.2"
    msgtype = _MSGTYPE.search(content)
    is_http = content.lower().partition(";")[0].strip() == "application/http"
    if content and not (is_http and (msgtype is None or msgtype[1].lower() == type_)):
        wanted = f"application/http; msgtype={type_}"
        yield Breach("error", "http-type", clause, f"An HTTP {type_} is {content[:50]!r}; its type is {wanted}.")
    if not fields.get("WARC-IP-Address"):
        yield Breach("warning", "ip", clause, f"The HTTP {type_} does not say which address it went to; record it.")


def _revisit_breaches(fields: Fields, content: str, block_length: int) -> Breaches:
    identical = (fields.get("WARC-Profile") or "").strip("<>").endswith("/revisit/identical-payload-digest")
    if identical and not fields.get("WARC-Payload-Digest"):
        yield Breach("error", "revisit-digest", "6.7.2", f"A revisit by {IDENTICAL_PAYLOAD} needs WARC-Payload-Digest.")
    if identical and not fields.get("WARC-Truncated"):
        # A "shall" that most writers leave out; the record can be read all the same.
        yield Breach(
            "warning", "revisit-truncated", "6.7.2", "A revisit without its payload lacks WARC-Truncated: length."
        )
    if not identical and not (fields.get("WARC-Profile") or "").strip("<>").endswith("/revisit/server-not-modified"):
        yield Breach("warning", "profile", "6.7.1", "The WARC-Profile is unknown; the record cannot be interpreted.")
    if not (fields.get("WARC-Refers-To") or fields.get("WARC-Refers-To-Target-URI")):
        yield Breach(
            "warning", "refers-to", "6.7", "A revisit does not say of what; add WARC-Refers-To and its URI and date."
        )
    if block_length and content and not content.lower().startswith("application/http"):
        yield Breach(
            "warning", "revisit-type", "6.7.2", f"A revisit's block is {content[:40]!r}, not application/http."
        )
