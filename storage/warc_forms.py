"""Forms of WARC headers: a header like one that every rule has judged already, but for its values, is not judged anew.

The headers that one program writes differ only in ids, dates, addresses, digests and lengths. A header whose values are
right becomes a form, a pattern. A later header that matches the pattern has values that are right too, and just the
same faults as to which fields it has and lacks. A header that matches no form is judged by the rules, one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storage.warc_record import Fields
from storage.warc_rules import ALL_TYPES, Breach, is_address, is_date, is_ip

_MOST = 24
"""Forms kept, those met last; a file has three or four."""

# "<urn:uuid:...>", as the rule of ids has it
_ID = r"(<[A-Za-z][A-Za-z0-9+.-]*:[!-;=?-~]+>)"
_LENGTH = r"([0-9]{1,18})"
_DATE = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}%sZ)"
# "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
_SHA1 = r"(sha1:[A-Z2-7]{32})"
# An absolute URI; per cent signs and what else may be wrong with one is judged apart: "https://a.kr/b?c=%EA%B0%80"
_URI = r"([A-Za-z][A-Za-z0-9+.-]*:[!-;=?-~]+)"
_IP = r"([0-9A-Fa-f:.]+)"
# A field that no rule speaks of
_ANY = r"([!-~](?:[ -~]*[!-~])?)"
_VALUES = {
    "WARC-Record-ID": _ID,
    "WARC-Concurrent-To": _ID,
    "WARC-Warcinfo-ID": _ID,
    "WARC-Refers-To": _ID,
    "Content-Length": _LENGTH,
    "WARC-Block-Digest": _SHA1,
    "WARC-Payload-Digest": _SHA1,
    "WARC-Target-URI": _URI,
    "WARC-Refers-To-Target-URI": _URI,
    "WARC-IP-Address": _IP,
}
_DATES = ("WARC-Date", "WARC-Refers-To-Date")
_SAME = ("WARC-Type", "Content-Type", "WARC-Profile", "WARC-Truncated")
"""Fields whose values come again, and on which other rules depend."""
_FREE = re.compile(r"(?!warc-|content-)[!#$%&'*+.^_`|~0-9A-Za-z-]+|WARC-Protocol|WARC-Cipher-Suite", re.IGNORECASE)
_OF_A_FORM = frozenset(
    {
        "ip",
        "missing",
        "forbidden",
        "http-type",
        "revisit-digest",
        "revisit-truncated",
        "profile",
        "refers-to",
        "conversion",
    }
)
"""Rules that speak of which fields there are, and of values that a form has word for word."""
_JUDGED = {"WARC-Target-URI": is_address, "WARC-Refers-To-Target-URI": is_address, "WARC-IP-Address": is_ip}


class Sound:
    """A header that matched a form: its fields, found by their places."""

    __slots__ = ("_places", "_values", "breaches", "type")

    def __init__(self, form: _Form, values: Sequence[str]) -> None:
        self.type = form.type
        self.breaches = form.breaches
        """What the rules of lines, fields and types name in every header of this form."""
        self._places = form.places
        self._values = values

    def get(self, name: str) -> str | None:
        """Give the first value of ``name``, written as the standard has it, or None."""
        places = self._places.get(name)
        return self._values[places[0]] if places else None

    def all(self, name: str) -> list[str]:
        """Give every value of ``name`` in file order."""
        return [self._values[one] for one in self._places.get(name, ())]


@dataclass(slots=True)
class _Form:
    pattern: re.Pattern[str]
    type: str
    breaches: tuple[Breach, ...]
    places: dict[str, list[int]]
    dates: list[int]
    judged: list[tuple[int, str]]

    def match(self, text: str) -> Sound | None:
        found = self.pattern.fullmatch(text)
        if found is None:
            return None
        values = found.groups()
        if all(is_date(values[at]) for at in self.dates) and all(_JUDGED[name](values[at]) for at, name in self.judged):
            return Sound(self, values)
        return None


class Forms:
    """The forms met in a file."""

    def __init__(self) -> None:
        self._forms: list[_Form] = []

    def known(self, raw_header: bytes) -> Sound | None:
        """Give a header whose form is known: its fields, and what the rules of headers name in it; else None."""
        if not raw_header.isascii():
            return None
        text = raw_header.decode()
        for at, form in enumerate(self._forms):
            if (sound := form.match(text)) is not None:
                if at > 1:
                    self._forms.insert(0, self._forms.pop(at))
                return sound
        return None

    def learn(self, raw_header: bytes, fields: Fields, type_: str, breaches: Sequence[Breach]) -> None:
        """Keep the form of a header in which the rules named ``breaches``, if all of those are of its form."""
        form = _form(raw_header, fields, type_, tuple(breaches))
        if form is not None and all(one.rule in _OF_A_FORM for one in breaches):
            self._forms = [form, *self._forms[: _MOST - 1]]


def _form(raw_header: bytes, fields: Fields, type_: str, breaches: tuple[Breach, ...]) -> _Form | None:
    """Make the form of a header, None where a value of it is wrong or of a kind that is judged one by one."""
    version, _, lines = raw_header.decode("latin-1").partition("\r\n")
    plain = "".join([f"{name}: {value}\r\n" for name, value in fields]) + "\r\n" == lines
    # Of a warcinfo the block is judged as well, of segments the file; a file has few of either.
    if not plain or type_ not in ALL_TYPES - {"warcinfo", "continuation"}:
        return None
    parts = [re.escape(f"{version}\r\n")]
    places: dict[str, list[int]] = {}
    for at, (name, value) in enumerate(fields):
        pattern = _pattern(name, value, version)
        if pattern is None or not re.fullmatch(pattern, value):
            return None
        places.setdefault(name, []).append(at)
        parts.append(f"{re.escape(name)}: {pattern}\r\n")
    if "Content-Type" not in places:
        return None
    return _Form(
        re.compile("".join([*parts, "\r\n"])),
        type_,
        breaches,
        places,
        [places[name][0] for name in _DATES if name in places],
        [(places[name][0], name) for name in _JUDGED if name in places],
    )


def _pattern(name: str, value: str, version: str) -> str | None:
    """Give the pattern of the values that are as right as this one; None for a field that has none."""
    if name in _SAME:
        return f"({re.escape(value)})"
    if name in _DATES:
        # Before WARC/1.1 a record's date has whole seconds.
        return _DATE % (r"(?:\.[0-9]{1,9})?" if version == "WARC/1.1" else "")
    if name in _VALUES:
        pattern = _VALUES[name]
        if name == "WARC-Target-URI":
            # What a record of HTTP must say depends on the scheme: "https:"
            return pattern.replace("[A-Za-z][A-Za-z0-9+.-]*", re.escape(value.partition(":")[0]), 1)
        return pattern
    return _ANY if _FREE.fullmatch(name) else None
