"""What each label means, Korean and English side by side: the glossary at the foot of a report."""

from __future__ import annotations

from collections.abc import Mapping

from diffing.reports.phrases import Pair

LABELS_MEAN: Mapping[str, Pair] = {
    "title": ("제목이 다름", "the headline differs"),
    "subtitle": ("부제가 다름", "a subtitle differs"),
    "body": ("본문이 다름", "the text differs"),
    "caption": ("사진 설명이 다름", "a photo's caption differs"),
    "byline": ("쓴 사람이 다름", "the author named differs"),
    "date": ("글에 적힌 게재일이 다름", "the date of publication printed differs"),
    "source": ("글을 낸 기관이 다름", "the body that published it differs"),
    "licence": ("공공누리 등 이용 조건이 다름", "the terms of use differ"),
    "attachment": ("붙은 파일이 다름", "the files offered differ"),
    "image": ("사진이 다름", "the pictures differ"),
    "link": (
        "글의 주소나 갈래, 또는 본문 링크의 주소가 다름",
        "the address or section of the article differs, or where a link in its text leads",
    ),
    "number": ("단위 없는 숫자", "a figure without a unit"),
    "money": ("원 또는 다른 통화의 금액", "an amount of 원 or another currency"),
    "percent": ("%, %p, 배", "%, percentage points, times"),
    "quantity": ("명·건·개소 같은 단위가 붙은 수와 그 범위(이상, 미만)", "a figure with a counter, or its bound"),
    "date-value": ("글 속의 날짜나 시각", "a day, month, year or time of day in the text"),
    "name": ("사람·직위·기관의 이름", "a person, post or body named"),
    "quote": ("따옴표 안의 말이나 말한 사람", "words inside quotation marks, or their speaker"),
    "negation": ("긍정이 부정으로, 또는 거꾸로", "a statement turned into its opposite"),
    "hedge": ("약속의 굳기: 검토·추진·확정, 예정·완료", "how firmly something is promised"),
    "paragraph-added": ("문단이 통째로 늘어남", "a whole paragraph is new"),
    "paragraph-removed": ("문단이 통째로 없어짐", "a whole paragraph is gone"),
    "paragraph-moved": ("문단의 자리가 바뀜", "a paragraph stands elsewhere"),
    "paragraph-split": ("한 문단이 둘 이상이 됨", "one paragraph became several"),
    "paragraph-merged": ("여러 문단이 하나가 됨", "several paragraphs became one"),
    "wording": ("다른 말로 적음", "other words"),
    "particle": ("조사나 어미만 다름", "only a particle or an ending differs"),
    "spacing": ("띄어쓰기만 다름", "only spaces differ"),
    "punctuation": ("문장부호만 다름", "only marks differ"),
    "unicode-form": ("같은 글자를 다르게 부호화함", "the same characters, otherwise encoded"),
    "revert": ("앞선 판의 상태로 돌아옴", "an earlier state is back"),
}
