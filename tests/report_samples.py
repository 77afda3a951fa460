"""Changes written by hand for the report tests: one of each kind, and one with everything hostile in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from diffing.reports.report import Report
from storage.records import Change, Comparison, Evidence, Fact, FieldChange, Op

START = datetime(2026, 9, 15, 9, 16, 48, tzinfo=UTC)
PORTAL = "https://www.korea.kr"
BAD_TITLE = '<script>alert(1)</script><img src=x onerror="alert(2)">\u202e끝서문\x00 {{ 7*7 }} ' + "가나다라마바사" * 40


def keep(text: str) -> Op:
    return Op("keep", text, text)


def evidence(hour: int) -> Evidence:
    moment = START + timedelta(hours=hour)
    return Evidence(
        warc=f"warc/gochim-20260915-{hour:05d}.warc.gz",
        offset=1_048_576 + hour,
        length=20_480,
        record_id=f"<urn:uuid:6f0d2c3e-0000-4000-8000-{hour:012d}>",
        payload_digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
        captured_at=moment,
    )


def change(article: str = "148970001", hour: int = 3, comparison: Comparison | None = None, **rest: object) -> Change:
    given: dict[str, Any] = {
        "id": f"{article}.2",
        "article": article,
        "url": f"{PORTAL}/news/policyNewsView.do?newsId={article}",
        "section": "policy-news",
        "title": "지역 돌봄센터 확충에 1조 2,000억 원 투입",
        "source": "보건복지부",
        "kind": "edited",
        "from_version": 1,
        "to_version": 2,
        "old_last_seen": START,
        "new_first_seen": START + timedelta(hours=hour, minutes=12),
        "checks_between": 0,
        "comparison": comparison or Comparison(),
        "evidence_old": evidence(0),
        "evidence_new": evidence(hour),
    }
    return Change(**(given | rest))


def edited() -> Change:
    """A budget cut, a promise softened, a paragraph gone and one moved, among paragraphs that stay."""
    body = (
        keep("정부가 맞벌이 가정의 돌봄 부담을 덜기 위해 동네마다 돌봄센터를 늘린다."),
        keep("센터는 초등학교와 주민센터의 빈 공간을 고쳐 만든다."),
        keep("이용 시간은 평일 오후 1시부터 8시까지이며 방학에는 오전 9시에 문을 연다."),
        keep("복지부는 18일 이런 내용의 계획을 내놓았다."),
        Op(
            "replace",
            "사업비는 모두 1조 5,000억 원이며 2027년까지 센터 320개소를 새로 연다.",
            "사업비는 모두 1조 2,000억 원이며 2027년까지 센터 280개소를 새로 여는 방안을 검토한다.",
            (
                ("keep", "사업비는 모두 1조 "),
                ("delete", "5,000억"),
                ("insert", "2,000억"),
                ("keep", " 원이며 2027년까지 센터 "),
                ("delete", "320개소를"),
                ("insert", "280개소를"),
                ("keep", " 새로 "),
                ("delete", "연다."),
                ("insert", "여는 방안을 검토한다."),
            ),
            4,
            4,
        ),
        Op("delete", "이용료는 소득과 관계없이 전액 무료다.", None, (), 5, None),
        keep("종사자 처우도 단계적으로 높인다."),
        keep("지방자치단체는 다음 달부터 공간을 공모한다."),
        keep("선정 결과는 연말에 알린다."),
        Op("move", "문의는 보건복지부 돌봄정책과로 하면 된다.", "문의는 보건복지부 돌봄정책과로 하면 된다.", (), 6, 9),
        Op("insert", None, "야간 돌봄은 2028년에 시범 운영한다.", (), None, 10),
        keep("복지부 관계자는 “현장의 의견을 더 듣겠다”고 말했다."),
    )
    title = Op(
        "replace",
        "지역 돌봄센터 확충에 1조 5,000억 원 투입",
        "지역 돌봄센터 확충에 1조 2,000억 원 투입",
        (("keep", "지역 돌봄센터 확충에 1조 "), ("delete", "5,000억"), ("insert", "2,000억"), ("keep", " 원 투입")),
        0,
        0,
    )
    found = Comparison(
        fields=(FieldChange("title", (title,)), FieldChange("body", body)),
        facts=(
            Fact("money", "1조 5,000억 원", "1조 2,000억 원", 1_500_000_000_000, 1_200_000_000_000, -0.2),
            Fact("quantity", "320개소", "280개소", 320, 280, -0.125),
        ),
        labels=(
            "title",
            "body",
            "money",
            "quantity",
            "hedge",
            "paragraph-added",
            "paragraph-removed",
            "paragraph-moved",
        ),
        weight="substance",
        disclosure="silent",
    )
    return change(comparison=found, checks_between=2)


def removed() -> Change:
    return change(
        "156730002",
        30,
        Comparison(weight="substance"),
        kind="removed",
        section="press-release",
        title="가을철 산불 예방 합동 점검 결과",
        source="산림청",
        to_version=None,
        checks_between=3,
    )


def restored() -> Change:
    return change(
        "156730002",
        54,
        Comparison(weight="substance"),
        id="156730002.3",
        kind="restored",
        section="press-release",
        title="가을철 산불 예방 합동 점검 결과",
        source="산림청",
        from_version=1,
        to_version=1,
    )


def moved() -> Change:
    old = f"{PORTAL}/news/policyNewsView.do?newsId=148970003"
    new = f"{PORTAL}/briefing/actuallyView.do?newsId=148970003"
    return change(
        "148970003",
        8,
        Comparison(fields=(FieldChange("url", (Op("replace", old, new),)),), labels=("link",), weight="wording"),
        kind="moved",
        section="fact-check",
        title="전기요금 체계 개편은 정해진 바 없습니다",
        source="기후에너지환경부",
        url=new,
    )


def attachment_replaced() -> Change:
    files = (
        keep("260918 조간 (보도) 청년 월세 지원.pdf"),
        Op("replace", "260918 조간 (보도) 청년 월세 지원.hwpx", "260918 조간 (보도) 청년 월세 지원(수정).hwpx"),
    )
    found = Comparison(
        fields=(FieldChange("attachments", files),),
        facts=(Fact("percent", "3.5%", "3.2%", 3.5, 3.2, -0.0857),),
        labels=("attachment", "percent"),
        weight="substance",
        disclosure="stamped",
    )
    return change(
        "156730004",
        11,
        found,
        kind="attachment-replaced",
        section="press-release",
        title="청년 월세 지원 대상 3~5월 접수 결과",
        source="국토교통부",
    )


def cosmetic() -> Change:
    op = Op(
        "replace",
        "올 해는 100\u00a0명을 뽑는다",
        "올해는 100 명을 뽑는다.",
        (
            ("keep", "올"), ("delete", " "), ("keep", "해는 100"), ("delete", "\u00a0"), ("insert", " "),
            ("keep", "명을 뽑는다"), ("insert", "."),
        ),
    )  # fmt: skip
    found = Comparison(fields=(FieldChange("body", (op,)),), labels=("body", "spacing", "punctuation", "unicode-form"))
    return change("148970005", 5, found, title="국가기록원 기록 해설사 모집", source="행정안전부")


def hostile() -> Change:
    """Markup, a formula, direction overrides, NUL, half a surrogate pair, an endless word: all that text can hold."""
    huge = "끝없는낱말" * 200
    ops = (
        Op("replace", "<b>굵게</b>\u2066", "</p><script>alert(3)</script>\u202e" + huge, ()),
        Op("insert", None, "[눌러 보세요](javascript:alert(4)) | `코드` # **별** &lt;b&gt; \ud83d", ()),
    )
    found = Comparison(
        fields=(FieldChange("body", ops), FieldChange('<i onclick="x">', (Op("delete", "\x00\x0b", None),))),
        facts=(Fact("number", "<1>", "\u202e2", None, None, None),),
        labels=("title", "body", "number", "wording"),
        weight="wording",
    )
    return change(
        'bad"id <x>',
        6,
        found,
        title=BAD_TITLE,
        source="=cmd|' /C calc'!A0",
        section="<section>",
        url="javascript:alert(5)",
        kind="edited",
    )


def all_changes() -> list[Change]:
    return [cosmetic(), moved(), edited(), removed(), restored(), attachment_replaced()]


def report(*changes: Change, **rest: object) -> Report:
    given: dict[str, Any] = {
        "changes": changes,
        "since": datetime(2026, 9, 14, 15, tzinfo=UTC),
        "until": datetime(2026, 9, 21, 15, tzinfo=UTC),
        "made_at": datetime(2026, 9, 21, 22, 30, tzinfo=UTC),
        "portal": PORTAL,
        "counts": {"captures": 4_812, "articles": 1_203, "versions": 1_262, "changes": 59, "attachments": 731},
        "content_digest": "sha256:" + "5f2a9c0e" * 8,
        "software": "gochim 0.1.0",
        "footnotes": ("첨부파일은 글의 내용이 바뀐 것으로 보일 때만 다시 받습니다.",),
    }
    return Report(**(given | rest))


def many(n: int) -> list[Change]:
    """``n`` edited articles, each its own."""
    one = edited()
    return [replace(one, id=f"{148980000 + i}.2", article=str(148980000 + i)) for i in range(n)]
