"""What the archive's codes are called in the reader: states, outcomes of looks, ends of runs, troubles."""

from __future__ import annotations

from collections.abc import Mapping

from diffing.reports.phrases import Pair
from storage import runs

STATES: Mapping[str, Pair] = {
    "live": ("게시 중", "live"),
    "suspect": ("사라진 듯함", "may be gone"),
    "removed": ("삭제됨", "removed"),
    "restored": ("복원됨", "restored"),
    "moved": ("옮겨짐", "moved"),
}
OUTCOMES: Mapping[str, Pair] = {
    "read": ("읽음", "read"),
    "gone": ("없음", "gone"),
    "front-page": ("첫 화면으로 넘김", "sent to the front page"),
    "blocked": ("막힘", "blocked"),
    "error": ("오류", "error"),
    "unreachable": ("응답 없음", "unreachable"),
    "unrecognised": ("알 수 없는 모양", "unrecognised"),
    "incomplete": ("일부만 읽음", "incomplete"),
    "other-article": ("다른 글로 넘김", "sent to another article"),
    "away": ("포털 밖으로 넘김", "sent away"),
}
FINISHES: Mapping[str, Pair] = {
    finish: (korean, runs.ENDS[finish])
    for finish, korean in {
        "finished": "끝까지 마침",
        "budget": "정한 만큼 받고 마침",
        "shutdown": "도중에 멈추게 함",
        "killed": "도중에 끊김",
        "failed": "실패",
        "not-kept": "받은 것을 저장하지 못함",
        "unreachable": "포털이 응답하지 않음",
        "blocked": "포털이 거절함",
        "told-to-wait": "나중에 오라는 답",
        "robots-unreachable": "robots.txt를 받지 못함",
    }.items()
}
TROUBLES: Mapping[str, Pair] = {
    "ended-early": ("최근 실행({run})이 일찍 끝났습니다: {finish}.", "The newest run {run} ended early: {finish}."),
    "blocked": (
        "마지막 조회에서 글 {n}건이 방화벽 화면으로 막혔습니다. 예: {url}",
        "{n} article{s} answered with a firewall's page at the last look, such as {url}",
    ),
    "error": (
        "마지막 조회에서 글 {n}건이 오류로 답했거나 중간에 끊겼습니다. 예: {url}",
        "{n} article{s} answered with an error or a page that was cut short at the last look, such as {url}",
    ),
    "unreachable": (
        "마지막 조회에서 글 {n}건이 응답하지 않았습니다. 예: {url}",
        "{n} article{s} could not be reached at the last look, such as {url}",
    ),
    "unrecognised": (
        "마지막 조회에서 글 {n}건의 화면을 어떤 모양으로도 읽지 못했습니다. 예: {url}",
        "{n} article{s} had a page that no layout recognises at the last look, such as {url}",
    ),
    "incomplete": (
        "마지막 조회에서 글 {n}건을 다 읽지 못했습니다(본문 문서가 없음). 예: {url}",
        "{n} article{s} could not be read whole at the last look (the document was missing), such as {url}",
    ),
    "cut-short": (
        "다 읽지 못한 글 가운데 {n}건은 요청 한도를 다 쓴 실행의 끝에서 조회했으며, 그 때문일 수 있습니다. "
        "다음 실행이 다시 조회합니다. 예: {url}",
        "Of the articles not read whole {n} stood at the end of a run whose budget was spent, which may be why, such "
        "as {url}; the next run looks again",
    ),
    "left-out": (
        "요청 한도를 다 쓴 실행의 끝에서 조회한 글 {n}건은 첨부파일이나 사진을 받지 못해 전에 읽은 그대로 두었습니다. "
        "다음 조회 때 받습니다. 예: {url}",
        "Of {n} article{s} at the end of a run whose budget was spent files or pictures were not read, and stand as an "
        "earlier look read them, such as {url}; the next look asks for them",
    ),
    "other-article": (
        "마지막 조회에서 글 {n}건이 다른 글로 넘어갔습니다. 예: {url}",
        "{n} article{s} led to another article at the last look, such as {url}",
    ),
    "away": (
        "마지막 조회에서 글 {n}건이 다른 사이트로 넘어갔습니다. 예: {url}",
        "{n} article{s} led to another site at the last look, such as {url}",
    ),
    "lied": (
        "주소 {n}곳에서 내용이 바뀌었는데도 ETag나 Last-Modified가 그대로였습니다. 매번 통째로 받습니다. 예: {url}",
        "At {n} place{s} ETag or Last-Modified stayed while the content changed; fetched whole each time: {url}",
    ),
    "recomparing": (
        "프로그램이 새로워져 다시 비교할 글이 {n}건 남았습니다. 그때까지 그 글의 변경은 빠져 있거나 예전 규칙에 따른 "
        "것입니다.",
        "{n} article{s} yet to be compared anew, as after an upgrade: until then their changes are missing or named by "
        "older rules",
    ),
}
