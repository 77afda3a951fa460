"""The page of labels: what each names, with an example that is compared when the page is made."""

from __future__ import annotations

from dataclasses import replace

from diffing.labels import compare
from diffing.reports.phrases import DISCLOSURES, KINDS, LABELS, WEIGHT_WORDS, WEIGHTS_MEAN, Words
from storage.records import WHAT_LABELS, WHERE_LABELS, Article, Block

EXAMPLES: dict[str, tuple[str, str]] = {
    "number": ("지수는 102.4로 나타났다.", "지수는 103.4로 나타났다."),
    "money": ("과태료는 20만 원이다.", "과태료는 30만 원이다."),
    "percent": ("물가는 3.2% 올랐다.", "물가는 2.3% 올랐다."),
    "quantity": ("감시원 100명을 둔다.", "감시원 120명을 둔다."),
    "date-value": ("접수는 9월 15일에 끝난다.", "접수는 9월 20일에 끝난다."),
    "name": ("김영수 장관이 현장을 찾았다.", "박민호 장관이 현장을 찾았다."),
    "quote": ("장관은 “현장을 살피겠다”고 말했다.", "장관은 “현장을 챙기겠다”고 말했다."),
    "negation": ("요금을 올리지 않는다.", "요금을 올린다."),
    "hedge": ("제도를 도입한다.", "제도 도입을 검토한다."),
    "wording": ("정부는 대책을 발표했다.", "정부는 대책을 내놓았다."),
    "particle": ("정부는 대책을 마련했다.", "정부가 대책을 마련했다."),
    "spacing": ("올 해 안에 문을 연다.", "올해 안에 문을 연다."),
    "punctuation": ("학교, 공원, 시장을 찾는다.", "학교·공원·시장을 찾는다."),
    "unicode-form": ("100\u00a0곳을 찾는다.", "100 곳을 찾는다."),
}
"""A paragraph before and after."""
_A, _B = "도서관은 읍면마다 하나씩 문을 연다.", "이용 시간은 아침 아홉 시부터 저녁 여섯 시까지다."
_C = "주차장은 건물 뒤편에 새로 마련했다."
PARAGRAPHS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "paragraph-added": ((_A, _B), (_A, _C, _B)),
    "paragraph-removed": ((_A, _C, _B), (_A, _B)),
    "paragraph-moved": ((_A, _B, _C), (_C, _A, _B)),
    "paragraph-split": ((f"{_A} {_B}",), (_A, _B)),
    "paragraph-merged": ((_A, _B), (f"{_A} {_B}",)),
}
"""The paragraphs before and after."""

_BASE = Article(
    article="1",
    url="https://www.korea.kr/news/policyNewsView.do?newsId=1",
    section="policy-news",
    title="도서관이 문을 연다",
    body=(),
)

_HEAD = """# Labels, weights, disclosure

What the words mean by which gochim classifies a change: its labels, weight, disclosure and kind. For whoever filters
changes or relies on a classification. A label names what changed and nothing else.

This page is written by `make docs`. Each example is compared while the page is made, and must get its label. How often
labels are right is measured in [diffing.md](diffing.md).

"""

_DISCLOSED = {
    "silent": "Nothing that came with the change speaks of it. Sentences that came and are like a notice are quoted, "
    "three at most (signal `perhaps`): judge for yourself.",
    "stamped": "A mark of an update came with other changes: on the page, in the name or text of an attachment, or "
    "in the publisher's own records (the open API's ModifyId and ModifyDate, the page's Last-Modified).",
    "explained": "A sentence came that says that the article itself was corrected: on the page, or in an attachment.",
    "stamp-only": "A mark of an update came, and nothing else changed.",
    "unknown": "There are no two differing texts to judge: the article was removed or restored, or both versions say "
    "the same.",
}
"""What each verdict means, as :func:`diffing.disclosure.judge` finds it."""


def labels_of(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """Compare two bodies; give the labels."""
    before, after = (replace(_BASE, body=tuple(Block("paragraph", one) for one in text)) for text in (old, new))
    return compare(before, after).labels


def labels_page() -> str:
    """Give the page.

    Raises:
        ValueError: An example does not bear its label.
    """
    korean, english = Words("ko"), Words("en")
    parts = [
        _HEAD,
        "## Where\n",
        "The field that changed. `link` stands where words of the text lead elsewhere, where the text names another "
        "web or mail\naddress, and where the article has another address or section.\n",
        "| label | Korean | English |",
        "|---|---|---|",
    ]
    parts += [f"| `{one}` | {korean.word(LABELS, one)} | {english.word(LABELS, one)} |" for one in WHERE_LABELS]
    parts += [
        "",
        "## What\n",
        "What changed in it.\n",
        "| label | Korean | English | before | after |",
        "|---|---|---|---|---|",
    ]
    for one in WHAT_LABELS:
        row = f"| `{one}` | {korean.word(LABELS, one)} | {english.word(LABELS, one)} |"
        if one == "revert":
            parts.append(row + " A, then B | A again |")
            continue
        pair = EXAMPLES.get(one)
        old, new = ((pair[0],), (pair[1],)) if pair else PARAGRAPHS[one]
        if one not in (found := labels_of(old, new)):
            raise ValueError(f"the example of {one} bears {found}")
        parts.append(f"{row} {' ¶ '.join(old)} | {' ¶ '.join(new)} |")
    parts += [
        "",
        "## Weights\n",
        "How much a change matters; a change has one weight.\n",
        "| weight | Korean | means |",
        "|---|---|---|",
    ]
    parts += [f"| `{one}` | {pair[0]} | {WEIGHTS_MEAN[one][1]} |" for one, pair in WEIGHT_WORDS.items()]
    parts += ["", "## Disclosure\n", "Whether the publisher told readers of the change.\n"]
    parts += ["| code | Korean | English | means |", "|---|---|---|---|"]
    parts += [
        f"| `{one}` | {korean.disclosure(one, 'edited')} | {english.disclosure(one, 'edited')} | {_DISCLOSED[one]} |"
        for one in DISCLOSURES
    ]
    parts += ["", "## Kinds\n", "| kind | Korean | English |", "|---|---|---|"]
    parts += [f"| `{one}` | {pair[0]} | {pair[1]} |" for one, pair in KINDS.items()]
    return "\n".join(parts) + "\n"
