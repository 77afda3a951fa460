"""One stretch of differing tokens, named by what it holds: figures, names, stance, endings, words, marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from diffing import clauses, facts, mentions, pointing, reversal, spaces, stance
from diffing.endings import after_vowel, composed_stem, misprinted, noun, other_case, same_stem, stem, tense
from diffing.figures import Figure
from diffing.subsequence import common
from diffing.tokens import Token
from storage.records import Fact

_GLOSS = re.compile(r"\s?\((?:[A-Za-z][A-Za-z.&/·\s-]*|[一-鿿\s·]+|이하\s[^()]{1,20})\)")
"""``(WHO)`` behind 세계보건기구, ``(儀軌)`` behind 의궤, ``(이하 금융위)``: the same once more."""
_FOREIGN = re.compile("[A-Za-z一-鿿]")
_JOINS = frozenset("및 또는 혹은 그리고".split())
"""``학교 또는 공원`` has one for the 나 of ``학교나 공원``."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of tokens that both sentences share (``equal``), or one in which they differ.

    Attributes:
        equal: Whether both sides say the same.
        old: The tokens of the old sentence.
        new: Those of the new one in the same place.
        before: The word before the run, which both sentences have; empty at the beginning.
        after: The word behind it; empty at the end.
        behind: That word and the next ones of the old sentence.
    """

    equal: bool
    old: Sequence[Token]
    new: Sequence[Token]
    before: str = ""
    after: str = ""
    behind: Sequence[str] = ()


@dataclass(slots=True)
class Verdict:
    """What was found in one stretch.

    Attributes:
        labels: What-labels.
        facts: Values that replaced values.
        said: Whether one side states something that the other does not.
        more: Whether one side has a clause for which the other has no words.
        reverse: Whether the new side says the opposite of the old one.
        left_old: Figures and dates of the old side that have no partner here; one may stand in another stretch.
        left_new: Those of the new side.
    """

    labels: set[str] = field(default_factory=set)
    facts: list[Fact] = field(default_factory=list)
    said: bool = False
    more: bool = False
    reverse: bool = False
    left_old: list[Token] = field(default_factory=list)
    left_new: list[Token] = field(default_factory=list)


def opens(stretch: Stretch) -> bool:
    """Tell whether words came or went with the bracket that opens behind them: ``인공지능(`` of ``인공지능(AI)``."""
    side = stretch.old or stretch.new
    return not (stretch.old and stretch.new) and len(side) > 1 and side[-1].text == "("


def closes(stretch: Stretch) -> bool:
    """Tell whether a closing bracket alone came or went."""
    return [one.text for one in (*stretch.old, *stretch.new)] == [")"]


def judge(stretch: Stretch) -> Verdict:
    """Name what changed in a stretch."""
    old, new = stretch.old, stretch.new
    if "".join(one.text for one in old) == "".join(one.text for one in new):
        printed = ["".join(one.space + one.text for one in side).lstrip() for side in (old, new)]
        # the letters are equal, even where they were read as a name on one side alone
        return Verdict({"spacing"} if printed[0] != printed[1] else set())
    if old and new and (rest := _without_respaced(stretch)) is not None:
        verdict = judge(rest)
        verdict.labels.add("spacing")
        return verdict
    verdict = Verdict(reverse=reversal.turned(old, new))
    if _only_marks(old, new):
        # the dot of 한·미 came along with no name
        verdict.labels |= pointing.named(old, new, verdict.labels) or {"punctuation"}
        return verdict
    if bool(old) != bool(new) and _GLOSS.fullmatch("".join(one.space + one.text for one in (*old, *new))):
        verdict.labels.add("quote" if (*old, *new)[0].quoted else "wording")
        return verdict
    _judge_figures(verdict, stretch)
    named_alone = _judge_names(verdict, old, new)
    worded = _judge_words(stretch, named_alone=named_alone)
    if "particle" in worded and clauses.offers_more(old, new):
        worded = worded - {"particle"} | {"wording"}
    verdict.labels |= worded
    if "wording" in worded:
        verdict.reverse |= reversal.opposite(old, new, stretch.before, stretch.after, stretch.behind)
        if old and new:
            verdict.said = clauses.lists_more(old, new) or clauses.says_something(_behind_noun(old, new))
        else:
            verdict.said = clauses.says_something(old or new)
        verdict.more = bool(old and new) and (clauses.says_more(old, new) or clauses.goes_on(old, new))
    verdict.labels |= pointing.named(old, new, verdict.labels)
    if _addresses(old) != _addresses(new):
        verdict.labels.add("link")
    content = verdict.labels - {"punctuation", "spacing", "quote"}
    if content and any(one.quoted and one.kind != "mark" for one in (*old, *new)):
        verdict.labels.add("quote")
        verdict.labels.discard("wording")
    return verdict


def _without_respaced(stretch: Stretch) -> Stretch | None:
    """Cut off the end or the beginning that is only spaced otherwise: ``재난 문자를`` of ``정부가 재난 문자를``."""
    old, new = stretch.old, stretch.new
    cut: Stretch | None = None
    if ends := spaces.respaced_words(*([word[::-1] for word in _first_words(side[::-1])] for side in (old, new))):
        i, j = len(old) - ends[0], len(new) - ends[1]
        cut = replace(stretch, old=old[:i], new=new[:j], after=old[i].text)
    elif starts := spaces.respaced_words(_first_words(old), _first_words(new)):
        i, j = starts
        cut = replace(stretch, old=old[i:], new=new[j:], before=old[i - 1].text)
    # of 안전 관리 and 안전관리 체계 the space went with the word that came
    said = cut is None or (cut.old and cut.new) or all(one.kind == "mark" for one in (*cut.old, *cut.new))
    return cut if said else None


def _first_words(tokens: Sequence[Token]) -> list[str]:
    return [one.text for one in takewhile(lambda one: one.kind == "word", tokens[: stance.READABLE])]


def _addresses(tokens: Sequence[Token]) -> list[Hashable]:
    return [one.key for one in tokens if one.kind == "address"]


def _only_marks(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether the letters are the same: ``‘확정’은`` and ``확정은``. A figure's marks are its own."""
    if any(one.kind in {"figure", "date"} for one in (*old, *new)):
        return False
    one, other = ("".join(t.text for t in side if t.kind not in {"mark", "quote-mark"}) for side in (old, new))
    return one == other


def _judge_figures(verdict: Verdict, stretch: Stretch) -> None:
    old = [one for one in stretch.old if one.kind in {"figure", "date"}]
    new = [one for one in stretch.new if one.kind in {"figure", "date"}]
    pairs, rest = facts.paired(old, new)
    alone = set(rest)
    for one, other in pairs:
        if _says_arrow(one, other, stretch.new) or _says_arrow(other, one, stretch.old):
            verdict.labels.add("wording")
            continue
        labels, replaced = facts.replaced(one, other)
        verdict.labels |= labels
        verdict.facts += replaced
    verdict.left_old = [one for one in old if one in alone and not _ends_word(one, stretch.old)]
    verdict.left_new = [one for one in new if one in alone and not _ends_word(one, stretch.new)]


def _ends_word(figure: Token, tokens: Sequence[Token]) -> bool:
    """Tell whether a figure that counts nothing ends a word that came or went whole: ``코로나19``."""
    at = tokens.index(figure)
    reading = figure.reading
    counts = not isinstance(reading, Figure) or reading.kind != "number" or bool(reading.unit)
    return not counts and not figure.space and at > 0 and tokens[at - 1].kind == "word" and len(tokens[at - 1].text) > 1


def _says_arrow(signed: Token, bare: Token, said: Sequence[Token]) -> bool:
    """Tell whether words say what an arrow said behind the same figure: ``0.3%p↑`` and ``0.3%p 상승``."""
    one, other = signed.reading, bare.reading
    if not (isinstance(one, Figure) and isinstance(other, Figure)) or one.sign not in {"↑", "↓"} or other.sign:
        return False
    same = (one.size, one.high, one.unit) == (other.size, other.high, other.unit)
    return same and any(stance.heads(composed_stem(token.text)) == one.sign for token in said if token.kind == "word")


def _judge_names(verdict: Verdict, old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Name persons, posts and bodies that differ; tell whether a name stands for plain words or the reverse."""
    ours, theirs = mentions.of(old, new), mentions.of(new, old)
    if bool(ours) != bool(theirs) and mentions.misspelt(*((old, theirs) if theirs else (new, ours))):
        return False
    if ours or theirs:
        verdict.labels.add("name")
    verdict.facts += mentions.replaced(ours or mentions.lone_word(old, theirs), theirs or mentions.lone_word(new, ours))
    return bool(ours) != bool(theirs) and bool(old) and bool(new)


def _judge_words(stretch: Stretch, *, named_alone: bool) -> set[str]:
    """Name what differs in words, tails and endings."""
    old, new = _words(stretch.old), _words(stretch.new)
    tails = _judge_tails(stretch.old, stretch.new)
    if "".join(old) == "".join(new):
        return tails | ({"spacing"} if old != new else set())
    if _hands_on(stretch.old, stretch.new) or _hands_on(stretch.new, stretch.old):
        return set()
    stances = _stances(stretch, old, new)
    if named_alone and min(len(old), len(new)) == 0 and max(len(old), len(new)) <= 2:
        return tails
    # 미실시했다 for 실시했다, which alone is a word of commitment
    denied = len(old) == len(new) == 1 and stance.denied(composed_stem(old[0]), composed_stem(new[0]))
    stems = {"negation"} if denied else _judge_stems(old, new, stances)
    # the 조사 of other words is theirs
    return stems - {"particle"} | stances if stems & {"wording", "negation"} else stems | stances | tails


def _hands_on(short: Sequence[Token], long: Sequence[Token]) -> bool:
    """Tell whether a figure or name came behind a word and took over its 조사: ``예산을``, ``예산 5억 원을``."""
    if (
        len(short) != 1
        or len(long) < 3
        or [one.kind for one in (short[0], long[0], long[-1])] != ["word", "word", "tail"]
    ):
        return False
    if any(one.kind == "word" for one in long[1:]) or not short[0].text.startswith(long[0].text):
        return False
    return after_vowel(short[0].text[len(long[0].text) :]) == after_vowel(long[-1].text)


def _behind_noun(old: Sequence[Token], new: Sequence[Token]) -> Sequence[Token]:
    """Give what came or went behind a noun and took over its 조사: the 일부 of ``비용을`` and ``비용 일부를``."""
    short, long = sorted((old, new), key=len)
    alone = len(short) == 1 and len(long) > 1 and short[0].kind == long[0].kind == "word"
    joins = all(one.text in _JOINS for one in long[1:])
    return long[1:] if alone and not joins and noun(short[0].text) == noun(long[0].text) else ()


def _words(tokens: Sequence[Token]) -> list[str]:
    return [one.text for one in tokens if one.kind == "word"]


def _judge_tails(old: Sequence[Token], new: Sequence[Token]) -> set[str]:
    """Name a 조사 that differs after a figure, date or name."""
    tails = [[token for token in side if token.kind == "tail"] for side in (old, new)]
    one, other = ([token.key for token in side] for side in tails)
    if one != other and any(_FOREIGN.match(token.text) for side in tails for token in side):
        # the A of F-35A says which it is; 代 is 대
        return {"number" if any(token.text.isascii() for side in tails for token in side) else "wording"}
    # what came or went took its 조사 along; a word that stands for a name bears its own
    both = Counter(t.kind for t in old if t.kind != "tail") == Counter(t.kind for t in new if t.kind != "tail")
    return {"particle"} if one != other and both else set()


def _stances(stretch: Stretch, old: list[str], new: list[str]) -> set[str]:
    """Name a denial turned or a commitment changed."""
    one, other = (
        " ".join(filter(None, [stretch.before, *(t.text for t in side if t.kind in {"word", "tail"}), stretch.after]))
        for side in (stretch.old, stretch.new)
    )
    bare_old, bare_new = stance.bare(old), stance.bare(new)
    same_rest = len(bare_old) == len(bare_new) and all(map(same_stem, bare_old, bare_new))
    short = max(len(old), len(new)) <= stance.READABLE and bool(old) and bool(new)
    labels: set[str] = set()
    if (short or same_rest) and (stance.denials(one) - stance.denials(other)) % 2:
        labels.add("negation")
    levels_old, levels_new = stance.hedges(one), stance.hedges(other)
    gone = {level for level in levels_old if level not in levels_new}
    come = {level for level in levels_new if level not in levels_old}
    alone = any({**levels_old, **levels_new}[level] for level in gone | come)
    before, after = (tense(side[-1]) if side else None for side in (old, new))
    ended = same_rest and before is not None and after is not None and before != after
    if ended or (short and ((gone and come) or alone)) or (same_rest and (gone | come) - {"act"}):
        labels.add("hedge")
    return labels


def _judge_stems(old: list[str], new: list[str], stances: set[str]) -> set[str]:
    """Name what is left of the words when denial and commitment are named."""
    bare_old, bare_new = stance.bare(old), stance.bare(new)
    # 마쳤다 is a word of commitment, and 마칠 of 마칠 예정이다 is the same verb
    bare_old, bare_new = _without(bare_old, new, bare_new), _without(bare_new, old, bare_old)
    if not bare_old and not bare_new:
        return set() if stances else _judge_grammar(old, new)
    labels: set[str] = set()
    cased = made_noun = False
    rest_old: list[str] = []
    rest_new: list[str] = []
    at_old = at_new = 0
    pairs = common([stem(word) for word in bare_old], [stem(word) for word in bare_new])
    for i, j in [*pairs, (len(bare_old), len(bare_new))]:
        rest_old += bare_old[at_old:i]
        rest_new += bare_new[at_new:j]
        if i < len(bare_old):
            labels |= _judge_endings(bare_old[i], bare_new[j])
            cased |= other_case(bare_old[i], bare_new[j])
            made_noun |= _is_made_noun(bare_old[i], bare_new[j]) or _is_made_noun(bare_new[j], bare_old[i])
        at_old, at_new = i + 1, j + 1
    if len(rest_old) == len(rest_new):
        for pair in zip(rest_old, rest_new, strict=True):
            labels |= _judge_pair(*pair)
    elif rest_old or rest_new:
        labels.add("wording")
    elif not labels and not stances:
        # only words of grammar came or went: 하고 있다 for 한다
        labels.add("particle" if bare_old and bare_new else "wording")
    if stances or "negation" in labels:
        # a verb's ending goes with its denial, a noun's 조사 is a change of its own
        return labels - {"hedge"} - (set() if cased and not made_noun else {"particle"})
    return labels


def _is_made_noun(verb: str, word: str) -> bool:
    """Tell whether a verb became what the commitment is to: ``노선을 연장한다``, ``노선 연장을 추진한다``."""
    return tense(verb) is not None and word != (bare := noun(word)) and verb.startswith(bare) and tense(word) is None


def _judge_grammar(old: list[str], new: list[str]) -> set[str]:
    """Name words of grammar that differ where nothing else does: ``하고 있다`` for ``한다``."""
    return {"particle"} if old and new and same_stem(old[0], new[0]) else {"wording"}


def _without(words: list[str], others: list[str], bare: list[str]) -> list[str]:
    """Leave out the words that the other side has as words of commitment, with another ending."""
    taken = [other for other in others if other not in bare]
    return [word for word in words if not any(same_stem(word, other) for other in taken)]


def _judge_pair(old: str, new: str) -> set[str]:
    if same_stem(old, new):
        return _judge_endings(old, new)
    if stance.denied(composed_stem(old), composed_stem(new)) or stance.denied(old, new):
        return {"negation"}
    return {"wording"}


def _judge_endings(old: str, new: str) -> set[str]:
    """Name a changed ending: of another tense it changes what is promised, of the same it is form."""
    if old == new:
        return set()
    before, after = tense(old), tense(new)
    if before and after and before != after:
        return {"hedge"}
    return {"wording"} if misprinted(old) != misprinted(new) else {"particle"}
