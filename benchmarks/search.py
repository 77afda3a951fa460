"""Search over many articles: letter pairs against morphemes and a plain scan; recall, precision, rank, size, speed.

Run with ``python -m benchmarks.search [ARTICLES]``; morphemes are measured when kiwipiepy is there.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from storage import runs, search
from storage.archive import Archive
from storage.versions import file_readings
from tests.makers import RUN, article, readings

STEMS = (
    "정부 예산 예산안 국회 대통령 장관 지원 정책 경제 산업 수출 반도체 기후 탄소 중립 주택 "
    "공급 청년 고용 복지 보육 교육 대학 병원 의료 방역 백신 교통 철도 도로 항만 어업 농업 "
    "축산 산림 환경 수소 전기 배터리 자동차 조선 문화 관광 체육 도서관 박물관 지역 균형 발전 "
    "규제 개선 법률 시행령 공청회 협력 정상회담 외교 통일 국방 안전 재난 소방 경찰 검찰 법원 "
    "통계 물가 금리 세금 연금 보험 소득 가구 인구 출산 고령 "
).split()
TAILS = (
    "은 는 이 가 을 를 의 에 에서 으로 로 와 과 도 만 까지 부터 에게 이라고 하기 했다 한다 하는 할 됐다 이다".split()
)
ASKED = (
    "예산", "대통령은", "협력", "산", "법", "탄소 중립", '"탄소 중립"', "정상회담 공급",
    "반도체", "3,000억", "12.5%", "출산", "안전을", "기후탄소", "없는낱말",
)  # fmt: skip


def text(rng: random.Random) -> str:
    """Write a paragraph of compounds, particles and figures."""
    words = []
    for _ in range(rng.randint(25, 60)):
        stem = "".join(rng.choices(STEMS, k=rng.choice((1, 1, 1, 2))))
        words.append(stem + rng.choice(["", *TAILS]))
        if rng.random() < 0.08:
            words.append(rng.choice(("3,000억 원", "12.5%", "2027년", f"{rng.randint(2, 999)}명")))
    return " ".join(words) + "."


def timed(ask: Callable[[], object], rounds: int = 3) -> float:
    """Give the median time of a call in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    """Fill an archive, index it, ask, and print a table in Markdown."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    rng = random.Random(5)  # the same corpus each time
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(Path(directory))
        archive.create()
        with closing(archive.database()) as db:
            measure(db, number, rng)


def measure(db: sqlite3.Connection, number: int, rng: random.Random) -> None:
    """Measure with so many articles."""
    texts = []
    with db:
        runs.add(db, RUN)
        for one in range(number):
            body = "\n".join(text(rng) for _ in range(rng.randint(2, 8)))
            title = " ".join(rng.choices(STEMS, k=4))
            texts.append(search.fold(body) + "\n" + search.fold(title))
            file_readings(db, str(one), readings(db, [article(body, str(one), title=title)], str(one)))
    before = pages(db)
    start = time.perf_counter()
    search.complete(db)
    spent = time.perf_counter() - start
    db.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
    db.commit()
    print(f"{number} articles of {sum(map(len, texts)) / number:.0f} characters, database {before / 1e6:.1f} MB")
    print(f"index of pairs: {(pages(db) - before) / 1e6:.1f} MB, {number / spent:.0f} articles a second\n")
    kiwi = morphemes(texts)
    print(
        "| query | scan: hits | ms | pairs: hits | ms all | ms top 20 |"
        + (" morphemes: recall | precision | ms |" if kiwi else "")
    )
    print("|---|---|---|---|---|---|" + ("---|---|---|" if kiwi else ""))
    for asked in ASKED:
        terms = search.terms_of(asked)
        query = search.SearchQuery(terms)

        def scan() -> int:
            return sum(all(term in one for term in terms) for one in map(search.fold, raw))  # noqa: B023

        raw = [row[0] + row[1] for row in db.execute("SELECT body, title FROM versions")]
        truth = {at for at, one in enumerate(texts) if all(term in one for term in terms)}
        hits = search.count(db, query)
        line = (
            f"| {asked} | {len(truth)} | {timed(scan):.0f} | {hits} |"
            f" {timed(lambda: search.count(db, query)):.1f} |"  # noqa: B023
            f" {timed(lambda: list(search.find(db, query, 20))):.1f} |"  # noqa: B023
        )
        if kiwi:
            found, spent = kiwi(asked)
            recall = len(found & truth) / len(truth) if truth else 1.0
            precision = len(found & truth) / len(found) if found else 1.0
            line += f" {recall:.2f} | {precision:.2f} | {spent:.1f} |"
        print(line)


def pages(db: sqlite3.Connection) -> int:
    """Give the size of the database in bytes."""
    return int(db.execute("PRAGMA page_count").fetchone()[0]) * int(db.execute("PRAGMA page_size").fetchone()[0])


def morphemes(texts: list[str]):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Index the texts by morphemes; give what asks it, None without kiwipiepy."""
    try:
        from kiwipiepy import Kiwi
    except ImportError:
        return None
    kiwi, db = Kiwi(), sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE m USING fts5 (t, content = '', tokenize = 'unicode61 remove_diacritics 0')")
    start = time.perf_counter()
    for at, tokens in enumerate(kiwi.tokenize(texts)):
        db.execute("INSERT INTO m (rowid, t) VALUES (?, ?)", (at, " ".join(one.form for one in tokens)))
    db.execute("INSERT INTO m (m) VALUES ('optimize')")
    spent = time.perf_counter() - start
    print(f"index of morphemes: {pages(db) / 1e6:.1f} MB, {len(texts) / spent:.0f} articles a second\n")

    def ask(asked: str) -> tuple[set[int], float]:
        begun = time.perf_counter()
        wanted = " AND ".join(
            '"' + " ".join(one.form for one in kiwi.tokenize(term)).replace('"', "") + '"'
            for term in search.terms_of(asked)
        )
        found = {row[0] for row in db.execute("SELECT rowid FROM m WHERE m MATCH ?", (wanted,))}
        return found, (time.perf_counter() - begun) * 1000

    return ask


if __name__ == "__main__":
    main()
