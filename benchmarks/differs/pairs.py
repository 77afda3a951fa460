"""Pairs of texts with every edited letter known, in the sizes and shapes that made differs slow or noisy."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

Run = tuple[str, str]
"""Tag (keep, insert, delete) and text."""

_NOUNS = (
    "정부 예산 사업 계획 지원 대상 기업 청년 지역 주택 교육 안전 시설 제도 대책 기관 협력 연구 개발 산업 수출 물가 "
    "고용 복지 환경 에너지 농촌 어촌 항만 도로 철도 의료 보건 문화 관광 체육 통계 조사 심의 공모 협약 점검 단속 개선 "
    "확대 강화 운영 제공"
).split()
_ENDS = ("은 는 이 가 을 를 의 에 에서 으로 와 도").split()
_VERBS = "마련했다 추진한다 강화한다 밝혔다 운영한다 점검한다 확대한다 제공한다 개선한다 발표했다".split()


@dataclass(frozen=True)
class Sample:
    """A pair as the runs that lead from one text to the other, and how many paragraphs moved."""

    name: str
    runs: tuple[Run, ...]
    moved: int = 0
    old_moved: str = ""

    @property
    def old(self) -> str:
        """The old text, paragraphs on lines."""
        return self.old_moved or "".join(text for tag, text in self.runs if tag != "insert")

    @property
    def new(self) -> str:
        """The new text."""
        return "".join(text for tag, text in self.runs if tag != "delete")


def _paragraph(dice: Random) -> str:
    """Make about a hundred letters that read like a release and are like no other paragraph."""
    words = [dice.choice(_NOUNS) + dice.choice(_NOUNS) + dice.choice(_ENDS) for _ in range(17)]
    words.insert(8, f"{dice.randrange(2, 900)}억")
    return " ".join([*words, dice.choice(_VERBS)]) + "."


def samples() -> list[Sample]:
    """Make every pair, the same at every call."""
    dice = Random(20240612)
    text = [_paragraph(dice) for _ in range(400)]
    short = text[:30]
    return [
        Sample("one word in 30 paragraphs", _edited(short, {15: _word(short[15], "추가")})),
        Sample(
            "3 of 30 paragraphs replaced",
            _edited(short, {k: _replaced(short[k], _paragraph(dice)) for k in (5, 14, 22)}),
        ),
        Sample(
            "all of 30 paragraphs rewritten",
            (
                ("delete", "".join(one + "\n" for one in short)),
                ("insert", "".join(_paragraph(dice) + "\n" for _ in short)),
            ),
        ),
        Sample(
            "400 paragraphs, 5 edits",
            _edited(
                text,
                {
                    10: _word(text[10], "추가"),
                    120: (("delete", text[120] + "\n"),),
                    200: _word(text[200], "변경"),
                    300: (("delete", text[300] + "\n"), ("insert", _paragraph(dice) + "\n")),
                    350: (("keep", text[350] + "\n"), ("insert", _paragraph(dice) + "\n")),
                },
            ),
        ),
        _moved(short),
        Sample(
            "1.5조 becomes 15조",
            (("keep", "총사업비는 "), ("delete", "1.5"), ("insert", "15"), ("keep", f"조 원이다.\n{short[0]}\n")),
        ),
    ]


def _replaced(old: str, new: str) -> tuple[Run, ...]:
    return (("delete", old + "\n"), ("insert", new + "\n"))


def _word(paragraph: str, word: str) -> tuple[Run, ...]:
    words = paragraph.split(" ")
    return (("keep", " ".join(words[:6]) + " "), ("insert", word + " "), ("keep", " ".join(words[6:]) + "\n"))


def _edited(paragraphs: list[str], edits: dict[int, tuple[Run, ...]]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for k, one in enumerate(paragraphs):
        runs += edits.get(k, (("keep", one + "\n"),))
    return tuple(runs)


def _moved(paragraphs: list[str]) -> Sample:
    order = [*paragraphs[:5], paragraphs[20], *paragraphs[5:20], *paragraphs[21:]]
    runs = tuple(("keep", one + "\n") for one in order)
    return Sample("one of 30 paragraphs moved", runs, moved=1, old_moved="".join(one + "\n" for one in paragraphs))
