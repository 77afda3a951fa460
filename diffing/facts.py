"""Values replaced by values: which figure, date or name stands where another stood.

Figures are paired by their place first (the same stretch of changed words), there by unit, then in order.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from diffing import figures
from diffing.dates import Date
from diffing.figures import Figure
from diffing.names import Name
from diffing.tokens import Token
from storage.records import Fact

Pair = tuple[Token, Token]


def paired(old: Sequence[Token], new: Sequence[Token]) -> tuple[list[Pair], list[Token]]:
    """Pair the readings that differ between two changed stretches.

    Args:
        old: tokens of kind figure and date of the old stretch, in order.
        new: those of the new one.

    Returns:
        The pairs, and the tokens of either side without a partner. Equal readings are paired with each other and left
        out: they only changed places.
    """
    old, new = _in_one_unit(old, new)
    if len(old) != len(new):
        old, new = _without_span(*_without_span(old, new)[::-1])[::-1]
    _, rest_old, rest_new = _parted(old, new, _twins(old, new))
    if len(rest_old) == len(rest_new) and all(map(_comparable, rest_old, rest_new)):
        return list(zip(rest_old, rest_new, strict=True)), []
    pairs: list[Pair] = []
    for fits in (_same_unit, _comparable) if rest_old and rest_new else ():
        found, rest_old, rest_new = _parted(rest_old, rest_new, _first_fitting(rest_old, rest_new, fits))
        pairs += found
    return pairs, rest_old + rest_new


def _parted(
    old: Sequence[Token], new: Sequence[Token], places: dict[int, int]
) -> tuple[list[Pair], list[Token], list[Token]]:
    """Give the pairs that stand at the given places, and what is left of either side."""
    theirs = set(places.values())
    return (
        [(old[i], new[j]) for i, j in places.items()],
        [one for i, one in enumerate(old) if i not in places],
        [one for j, one in enumerate(new) if j not in theirs],
    )


def _twins(old: Sequence[Token], new: Sequence[Token]) -> dict[int, int]:
    """Pair equal readings, the first with the first."""
    places: dict[Hashable, deque[int]] = defaultdict(deque)
    for j, other in enumerate(new):
        places[other.key].append(j)
    return {i: places[one.key].popleft() for i, one in enumerate(old) if places.get(one.key)}


def _first_fitting(old: Sequence[Token], new: Sequence[Token], fits: Callable[[Token, Token], bool]) -> dict[int, int]:
    """Pair each reading with the first one left that fits; those of one sort, of which there are few, fit alike."""
    places: dict[Hashable, deque[int]] = defaultdict(deque)
    for j, other in enumerate(new):
        places[_sort(other)].append(j)
    fitting: dict[Hashable, list[deque[int]]] = {}
    found: dict[int, int] = {}
    for i, one in enumerate(old):
        sort = _sort(one)
        if sort not in fitting:
            fitting[sort] = [those for those in places.values() if those and fits(one, new[those[0]])]
        if those := min(filter(None, fitting[sort]), key=lambda left: left[0], default=None):
            found[i] = those.popleft()
    return found


def _sort(token: Token) -> Hashable:
    """Give what decides whether another reading fits this one."""
    reading = token.reading
    if isinstance(reading, Figure):
        return reading.kind, reading.unit
    figure = _as_figure(reading)
    return reading.key[:2] if isinstance(reading, Date) else "", figure.unit if figure else None


_LENGTHS = {("시간", "분"): 60, ("분", "초"): 60, ("년", "개월"): 12}
"""Units of a length of time in two parts, and how many of the second one of the first is."""


def _in_one_unit(old: Sequence[Token], new: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """Join ``1시간 30분`` to 90분 or 1.5시간 where one figure stands in the other text for both its parts."""
    if len(old) == len(new):
        return old, new
    ours, theirs = _joined(old, new), _joined(new, old)
    return (ours, theirs) if len(ours) == len(theirs) else (old, new)


def _without_span(old: Sequence[Token], new: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """Leave out a span of days for which the new text has both ends: ``6월 12~15일``, ``6월 12일부터 15일까지``."""
    for one in old:
        if not isinstance(one.reading, Date) or "/" not in (one.reading.value or ""):
            continue
        first, last = (one.reading.value or "").split("/")
        for low, high in pairwise(new):
            ends = [end.reading.value if isinstance(end.reading, Date) else None for end in (low, high)]
            if ends[0] == first and ends[1] in {last, f"---{last[-2:]}"}:
                return [token for token in old if token is not one], [t for t in new if t not in (low, high)]
    return old, new


def _joined(tokens: Sequence[Token], others: Sequence[Token]) -> list[Token]:
    """Join two neighbours that are one length of time, in the unit that the other text has."""
    theirs = {one.reading.unit for one in others if isinstance(one.reading, Figure)}
    joined: list[Token] = []
    for one in tokens:
        last, part = joined[-1] if joined else None, one.reading
        first = last.reading if last else None
        if last and isinstance(first, Figure) and isinstance(part, Figure) and last.end + len(one.space) == one.start:
            many = _LENGTHS.get((first.unit, part.unit)) if last.text.endswith(first.unit) else None
            if many and first.value is not None and part.value is not None:
                whole = first.value * many + part.value
                value, unit = (whole, part.unit) if first.unit not in theirs else (whole / many, first.unit)
                text, core = (f"{last.text}{one.space}{end}" for end in (one.text, part.core))
                figure = replace(part, start=first.start, text=text, core=core, value=value, size=value, unit=unit)
                joined[-1] = replace(one, text=text, start=last.start, key=figure.key, space=last.space, reading=figure)
                continue
        joined.append(one)
    return joined


def labels_of(token: Token) -> set[str]:
    """Give the label of a figure or date that came or went."""
    return {token.reading.kind} if isinstance(token.reading, Figure) else {"date-value"}


def replaced(old: Token, new: Token) -> tuple[set[str], list[Fact]]:
    """Name what differs between two paired readings, and give the values as facts.

    A changed bound (이상, 약) is ``quantity`` and no fact, nor is a turned arrow, for no value is replaced.
    """
    one, other = old.reading, new.reading
    if isinstance(one, Date) and isinstance(other, Date):
        return {"date-value"}, [Fact("date-value", one.text, other.text, one.value, other.value)]
    one, other = _as_figure(one), _as_figure(other)
    if one is None or other is None:
        return labels_of(old) | labels_of(new), []
    return figures_replaced(one, other) or (labels_of(old) | labels_of(new), [])


def figures_replaced(one: Figure, other: Figure) -> tuple[set[str], list[Fact]] | None:
    """Name what differs between two figures, and give the values as facts; None where only the form does."""
    kind = one.kind if other.kind == "number" else other.kind
    if one.kind not in {kind, "number"}:
        return {one.kind, other.kind}, []
    labels: set[str] = set()
    if one.bound != other.bound:
        labels.add("quantity")
    if one.stated == other.stated:
        # 3일 and 3일간: a day and a stretch of days
        return (labels, []) if labels else None
    if one.value is not None and (one.value, one.high, one.unit) == (other.value, other.high, other.unit):
        # an arrow turned: ↑ for ↓
        return labels | {kind}, []
    return labels | {kind}, _figure_facts(kind, one, other)


def name_fact(old: str, new: str) -> Fact:
    """Give the fact of one name standing for another."""
    return Fact("name", old, new, old, new)


def ratio(old: Decimal | None, new: Decimal | None) -> float | None:
    """Give (new - old) / old to four places, None when either is unknown or the old is zero."""
    if old is None or new is None or old == 0:
        return None
    return round(float((new - old) / old), 4)


def _figure_facts(kind: str, old: Figure, new: Figure) -> list[Fact]:
    # a bare number is counted in what the other is counted in, unless that makes a share of it
    alike = old.unit == new.unit or ("" in {old.unit, new.unit} and "percent" not in {old.kind, new.kind})
    if all(one.value is not None and one.high is not None and one.high_text for one in (old, new)):
        ends = (
            (old.low_text, new.low_text, old.value, new.value),
            (old.high_text, new.high_text, old.high, new.high),
        )
        return [
            Fact(kind, one, other, _end(old, before), _end(new, after), ratio(before, after) if alike else None)
            for one, other, before, after in ends
            if before != after or not alike
        ]
    whole = alike and old.high is None and new.high is None and not old.names and not new.names
    change = ratio(old.value, new.value) if whole else None
    # a bound that both have is not what was replaced
    bare = old.bound == new.bound and bool(old.core and new.core)
    texts = (old.core, new.core) if bare else (old.text, new.text)
    return [Fact(kind, *texts, _value(old), _value(new), change)]


def _value(figure: Figure) -> float | int | str | None:
    if figure.written is not None:
        return figure.written
    if figure.high is not None and figure.value is not None:
        return f"{printed(figure.value)}~{printed(figure.high)}"
    return printed(figure.value)


def _end(figure: Figure, value: Decimal | None) -> float | int | str | None:
    """Give one end of a range, with its currency where that is not 원."""
    return _value(replace(figure, value=value, high=None))


def printed(value: Decimal | None) -> float | int | None:
    """Give an exact value as a JSON number: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _as_figure(reading: Figure | Date | Name | None) -> Figure | None:
    """Read ``5-10일`` as a count of days where a count of days stands for it; other dates are no figures."""
    if isinstance(reading, Figure):
        return reading
    if isinstance(reading, Date) and (reading.value or "").startswith("---"):
        return figures.scan(reading.text)[0]
    return None


def _same_unit(old: Token, new: Token) -> bool:
    one, other = old.reading, new.reading
    if isinstance(one, Figure) and isinstance(other, Figure):
        return (one.kind, one.unit) == (other.kind, other.unit)
    return isinstance(one, Date) and isinstance(other, Date) and one.key[:2] == other.key[:2]


def _comparable(old: Token, new: Token) -> bool:
    one, other = old.reading, new.reading
    if isinstance(one, Date) and isinstance(other, Date):
        return True
    if isinstance(one, Figure) and isinstance(other, Figure):
        return one.kind == other.kind or "number" in {one.kind, other.kind}
    read_old, read_new = _as_figure(one), _as_figure(other)
    return read_old is not None and read_new is not None and read_old.unit == read_new.unit
