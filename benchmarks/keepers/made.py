"""Made versions of articles: bodies of drawn words, so that nothing can be saved between one article and the next."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.makers import START

_STEMS = "정부 예산 정책 경제 산업 수출 기후 주택 공급 청년 고용 복지 교육 의료 교통 환경 문화 지역 안전 통계".split()
_TAILS = "은 는 이 가 을 를 의 에 에서 으로 와 과 도 만 까지 부터 했다 한다 하는 다".split()
_WORDS = [f"{one}{two}{tail}" for one in _STEMS for two in ("", *_STEMS) for tail in _TAILS]
FIRST = 148_000_001


@dataclass(frozen=True, slots=True)
class Made:
    """One version of an article, first seen at a moment."""

    article: str
    version: int
    seen: datetime
    section: str
    source: str
    published: str
    title: str
    text: str

    @property
    def last_seen(self) -> datetime:
        """Twenty days later."""
        return self.seen + timedelta(days=20)


def versions(number: int) -> Iterator[Made]:
    """Give so many versions of articles that appear every two minutes and change up to twice, a month apart.

    A body has 60 drawn words, some 300 characters; a change replaces one of them.
    """
    rng, made, article = random.Random(2), 0, FIRST - 1
    while True:
        article += 1
        begin = START + timedelta(minutes=2 * (article - FIRST))
        section = rng.choice(("press-release", "press-release", "policy-news", "fact-check"))
        source = f"부처{rng.randrange(50):02d}"
        words = rng.choices(_WORDS, k=60)
        for version in range(1, rng.choice((1, 1, 1, 1, 2, 3)) + 1):
            if version > 1:
                words[rng.randrange(60)] = rng.choice(_WORDS)
            seen = begin + timedelta(days=30 * (version - 1))
            title = f"{source} 마을 도서관 {article} 곳이 새로 문을 연다"
            yield Made(str(article), version, seen, section, source, f"{begin:%Y-%m-%d}", title, " ".join(words))
            made += 1
            if made == number:
                return


def disk(*places: Path) -> int:
    """Give the bytes of disk that files and whole directories take, blocks counted as the file system does."""
    files = [one for place in places for one in ([place] if place.is_file() else place.rglob("*"))]
    return sum(one.lstat().st_blocks * 512 for one in files)
