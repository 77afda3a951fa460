"""A text as figures, dates, names, words and marks, each knowing where it stands and whether it is quoted.

Two tokens with one key say the same, however they are printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from diffing import companies, dates, figures, names, persons, shapes
from diffing.blanks import blanked
from diffing.dates import Date
from diffing.endings import after_vowel, composed_stem, is_particle
from diffing.figures import Figure
from diffing.names import Name
from diffing.quoted import quotations

TokenKind = Literal["address", "figure", "date", "name", "word", "tail", "quote-mark", "mark"]

_REST = re.compile(r"(?<!\w)[ㅇㅁo](?!\w)|[^\W_ㆍ]+(?:(?<=[A-Za-z])['’](?=[a-z])[a-z]+)?|\S")
"""``정부는`` as one word, ``「`` and ``ㆍ`` as one mark each, and so the ``ㅇ`` before an item of a list."""
_LETTER_MARKS = set("ㆍㅇㅁo")
_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9@._%+-])(?:(?:https?://|www\.)[A-Za-z0-9._~:/?#@!$&*+;=%-]*[A-Za-z0-9/=]"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:kr|com|net|org)(?![A-Za-z0-9.])(?:/[A-Za-z0-9._~/?#&=%-]*)?)"
)
"""``https://www.korea.kr/news``, ``www.korea.kr``, ``opinion@korea.kr``, ``gov.kr/portal``"""
_COUNTED_IN_HANJA = re.compile("(?<=[0-9])[年月日時分萬億兆名](?![一-鿿])")
_IN_HANGUL = str.maketrans("年月日時分萬億兆名", "년월일시분만억조명")
"""``4月 3日``, ``5億`` and ``20名``, as headlines print them."""
_SCHEME = re.compile("https?://")
_CLOSING = (")", "]", "」", "』", "》", "〉")
_QUOTE_MARKS = set("“”‘’\"'")
_YEAR_OF_TWO = re.compile(r"\d\d\s?년")
"""``23년``"""
_LASTS = re.compile("만|동안|간|전|뒤|후|째|넘|가까이")
"""What stands behind a number of years that something lasts: ``23년 만에``."""
_ANYWHERE = (
    shapes.decree,
    shapes.department,
    shapes.in_hanja,
    shapes.statute,
    companies.company,
    shapes.in_latin,
    shapes.site,
    shapes.station,
    shapes.cipher,
    shapes.team,
    shapes.feast,
    shapes.house,
)
"""Shapes that are names wherever they stand in the place of one another."""
_KNOWN: dict[shapes.Shape, Callable[[str], bool]] = {
    shapes.statute: shapes.known_statute,
    companies.company: companies.known,
}
"""Shapes that common words have too: of two words with one of these, one must be a name beyond doubt."""
_WHOLE_DAY = re.compile(r"(?:\d{4}|-)-\d\d-\d\d")
_PART_OF_DAY = re.compile(r"(?P<day>---\d\d|--\d\d-\d\d)(?P<rest>| [월화수목금토일])")
_CLOSE = 4
"""Tokens in which a day that leaves out its month follows the one that names it: ``6월 12일``, ``부터``, ``15일``."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text from ``start`` to ``end``, ``space`` the white space before it.

    A ``tail`` is what hangs on a figure, date or name in the same 어절: ``명이`` of ``3명이`` has the tail ``이``.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    key: Hashable
    space: str = ""
    quoted: bool = False
    reading: Figure | Date | Name | None = None


def read(text: str, quoted: Sequence[tuple[int, int]] | None = None) -> list[Token]:
    """Cut ``text`` (in its plain spelling) into tokens that together hold everything but white space.

    ``quoted`` are the places between quotation marks, in order, where ``text`` is part of a longer one; None looks for
    them here.
    """
    quoted = quotations(text) if quoted is None else quoted
    tokens: list[Token] = []
    at = until = 0
    opening = iter([*quoted, (len(text) + 1, 0)])
    low, high = next(opening)
    for kind, start, end, key, reading in sorted(
        _pieces(text, {high for _, high in quoted}), key=lambda piece: piece[1]
    ):
        while low <= start:
            until = max(until, high)
            low, high = next(opening)
        tokens.append(Token(kind, text[start:end], start, end, key, text[at:start], start < until, reading))
        at = end
    return tokens


_Piece = tuple[TokenKind, int, int, Hashable, Figure | Date | Name | None]


def _pieces(text: str, ends: Collection[int]) -> Iterator[_Piece]:
    """Find addresses, then dates, posts with a number, figures and names in what is left, then words and marks.

    ``ends`` are the places of the marks that end quotations.
    """
    taken: set[int] = set()
    text = free = _COUNTED_IN_HANJA.sub(lambda hit: hit.group().translate(_IN_HANGUL), text)
    addresses = [hit.span() for hit in _ADDRESS.finditer(text)] if "." in text else []
    for start, end in addresses:
        # http or https, it leads to the same place
        yield "address", start, end, ("address", _SCHEME.sub("", text[start:end]).rstrip("/")), None
    taken.update(end for _, end in addresses)
    free = blanked(free, addresses)
    for date in (found := dates.scan(free)):
        yield "date", date.start, date.end, ("date", date.key), date
    free = _without(free, found, taken)
    for post in (posts := names.numbered_posts(free)):
        yield "name", post.start, post.end, ("name", post.value), post
    free = _without(free, posts, taken)
    for figure in (read_figures := figures.scan(free)):
        yield "figure", figure.start, figure.end, figure.key, figure
    free = _without(free, read_figures, taken)
    for name in (named := names.scan(free)):
        yield "name", name.start, name.end, ("name", name.value), name
    free = _without(free, named, taken)
    for hit in _REST.finditer(free):
        if hit.group()[0] != "\0":
            # the 는 of 환경부(장관 김민재)는 hangs on what the bracket closes, the 고 of “살피겠다”고 on the quotation
            mark = hit.start() - 1
            closed = (free[max(0, mark) : mark + 1] in _CLOSING or mark in ends) and is_particle(hit.group())
            yield _plain_piece(hit, tail=hit.start() in taken or closed)


def _without(text: str, found: Iterable[Date | Figure | Name], taken: set[int]) -> str:
    """Blank out what was found, and remember where each ends: what follows there in the same 어절 is its tail."""
    spans = [(one.start, one.end) for one in found]
    taken.update(end for _, end in spans)
    return blanked(text, spans)


def _plain_piece(hit: re.Match[str], *, tail: bool) -> _Piece:
    printed = hit.group()
    if tail and printed[0].isalnum():
        return "tail", hit.start(), hit.end(), ("tail", after_vowel(printed)), None
    if printed in _QUOTE_MARKS:
        return "quote-mark", hit.start(), hit.end(), ("quote-mark", printed in '“”"'), None
    kind: TokenKind = "word" if printed[0].isalnum() and printed not in _LETTER_MARKS else "mark"
    return kind, hit.start(), hit.end(), printed.replace("’", "'"), None


def named_alike(old: Sequence[Token], new: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """Read as a name what the other side has as one: ``표은수`` of ``표은수·석민아 과장``, beside ``표은수 과장``."""
    known = {one.text: one.key for one in (*old, *new) if one.kind == "name" and len(one.text) > 1}
    sizes = sorted({len(name) for name in known}, reverse=True)
    ours, theirs = ([part for one in side for part in _known(one, known, sizes)] for side in (old, new))
    return ours, theirs


def dated_alike(old: Sequence[Token], new: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """Read as one day what both sides have with the month and year before it: ``6.12.~6.15.`` and ``6월 12일~15일``.

    So is a year that one side has in two digits.
    """
    old, new = _with_years(old, new), _with_years(new, old)
    days = [_days(side) for side in (old, new)]
    told = set(days[0].values()) & set(days[1].values())
    ours, theirs = (
        [replace(one, key=("date", among[k])) if among.get(k) in told else one for k, one in enumerate(side)]
        for side, among in zip((old, new), days, strict=True)
    )
    return ours, theirs


def _with_years(tokens: Sequence[Token], others: Sequence[Token]) -> list[Token]:
    """Read ``23년`` as the year that the other side has in full, 2023년; ``23년 만에`` is none."""
    own, years = ({one.key for one in side if one.kind == "date"} for side in (tokens, others))
    found = list(tokens)
    for k, one in enumerate(tokens):
        if one.kind != "figure" or not _YEAR_OF_TWO.fullmatch(one.text):
            continue
        lasts = k + 1 < len(tokens) and _LASTS.match(tokens[k + 1].text)
        if not lasts and (key := ("date", f"20{one.text[:2]}")) in years - own:
            found[k] = replace(one, key=key)
    return found


def _days(tokens: Sequence[Token]) -> dict[int, str]:
    """Give the place and the day of every date, what it leaves out taken from the one that stands close before it."""
    days: dict[int, str] = {}
    last = -_CLOSE
    for k, one in enumerate(tokens):
        if isinstance(one.reading, Date) and one.reading.value is not None:
            before = days[last].split(" ")[0] if k - last < _CLOSE else ""
            day, rest = one.reading.value, ""
            if _WHOLE_DAY.fullmatch(before) and (hit := _PART_OF_DAY.fullmatch(day)):
                day, rest = hit["day"].lstrip("-"), hit["rest"]
                day = before[: -len(day)] + day
            days[k], last = day + rest, k
    return days


def _known(word: Token, known: Mapping[str, Hashable], sizes: Sequence[int]) -> list[Token]:
    for end in sizes if word.kind == "word" else ():
        if (key := known.get(word.text[:end])) and (end >= len(word.text) or is_particle(word.text[end:])):
            name, *tail = as_name(word, word.text[:end])
            return [replace(name, key=key), *tail]
    return [word]


def named_by_shape(
    old: Sequence[Token], new: Sequence[Token], before: str = "", after: str = ""
) -> tuple[list[Token], list[Token]]:
    """Read as names the words that replaced one another and all have the shape of one.

    ``김민수는`` for ``김민호는`` is a name replaced by a name and not two words; so are ``백가람이`` for ``석다온이``
    behind a post, ``이`` for ``박`` before one, and ``자본시장법`` for ``상법``.

    Args:
        old: A stretch of the old tokens.
        new: What stands in its place.
        before: The word before both.
        after: The word behind both.
    """
    sides = [[one for one in side if one.kind == "word"] for side in (old, new)]
    bare = [side[0].text for side in (old, new) if len(side) == 1]
    if len(bare) == 2 and names.is_post(after) and all(map(persons.surname, bare)):
        return [as_name(old[0], bare[0])[0]], [as_name(new[0], bare[1])[0]]
    if names.is_post(before) and sorted(map(len, sides)) == [0, 1]:
        # 국무총리 김민수는, where 국무총리는 stood
        return _introduced(old), _introduced(new)
    if not sides[0] or len(sides[0]) != len(sides[1]):
        return _teamed(old, new)
    beside = [role for role, at in ((before, 0), (after, -1)) if all(one[at].kind == "word" for one in (old, new))]
    roles = any(names.is_role(one) or names.is_role(composed_stem(one)) for one in beside)
    # 식량정책과 홍길동(044-201-1811)
    asked = after == "(" and (shapes.desk(before) or before.endswith(("팀", "실", "국")))
    titled = [persons.titled] if roles or asked else []
    storms = [shapes.storm] if before == "태풍" else []
    office = before.endswith(("부", "처", "청", "국", "실", ":")) and (
        after in "(,/" or persons.person(after) or names.is_post(after)
    )
    # a cell of a table says nothing else
    desks = [shapes.desk] if office or not (before or after) else []
    for shape in (persons.person, *titled, *storms, *desks, *_ANYWHERE):
        if shape is persons.person and all(
            shape(one.text) or shape(other.text) for one, other in zip(*sides, strict=True)
        ):
            # 이지은 in the place of 이지현
            shape = persons.may_be_named  # noqa: PLW2901 - one of the two is a name, and so is the other
        if shape is shapes.in_latin and any(map(shapes.misspelt, *([one.text for one in side] for side in sides))):
            continue
        known = _KNOWN.get(shape)
        if not all(shape(one.text) for side in sides for one in side) or (
            known and not any(known(shape(one.text) or "") for side in sides for one in side)
        ):
            continue
        ours, theirs = (
            [part for one in side for part in ([one] if one.kind != "word" else as_name(one, shape(one.text) or ""))]
            for side in (old, new)
        )
        return ours, theirs
    return _teamed(old, new)


def _introduced(side: Sequence[Token]) -> list[Token]:
    """Read the word that came or went behind a post as a name where it has the shape of one."""
    found: list[Token] = []
    for one in side:
        named = persons.person(one.text) if one.kind == "word" else None
        found += as_name(one, named) if named else [one]
    return found


def _teamed(old: Sequence[Token], new: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """Read the last words as bodies set up for one task, however many stand before: 물가안정 TF and 현장점검단."""
    last = [side[-1].text if side and side[-1].kind == "word" else "" for side in (old, new)]
    teams = [shapes.team(one) for one in last]
    ours, theirs = (
        [*side[:-1], *as_name(side[-1], team)] if all(teams) and team else list(side)
        for side, team in zip((old, new), teams, strict=True)
    )
    return ours, theirs


def as_name(word: Token, named: str) -> list[Token]:
    """Part a word into a name and what hangs on it."""
    end = word.start + len(named)
    found = [replace(word, kind="name", text=named, end=end, key=("name", named))]
    if rest := word.text[len(named) :]:
        found.append(replace(word, kind="tail", text=rest, start=end, key=("tail", after_vowel(rest)), space=""))
    return found
