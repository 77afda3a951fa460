"""The sentences of a report's frame, Korean and English side by side.

Placeholders in braces are filled by the format that prints them, which also escapes what it puts there.
"""

from __future__ import annotations

from collections.abc import Mapping

from diffing.reports.phrases import Pair, Words

SENTENCES: Mapping[str, Pair] = {
    "kicker": ("고침 변경 보고서", "gochim change report"),
    "heading": ("발행한 뒤 바뀐 글", "Changed after publication"),
    "skip": ("변경 목록으로 건너뛰기", "Skip to the changes"),
    "period": ("기간", "Period"),
    "portal": ("포털", "Portal"),
    "from-start": ("처음", "the beginning"),
    "made": ("작성", "Made"),
    "empty": ("이 기간에 확인된 변경이 없습니다.", "No change was seen in this period."),
    "empty-more": (
        "같은 기간에 다시 조회한 글은 모두 앞서 확인한 내용과 같았거나, 내용을 알 수 없었습니다.",
        "Every article looked at again was as it had been, or could not be read.",
    ),
    "empty-unlooked": (
        "이 기간에는 어느 글도 조회하지 않았으므로, 바뀐 것이 있는지 알 수 없습니다.",
        "Nobody looked at any article in this period, so that nothing can be said of it.",
    ),
    "lead": (
        "이 기간에 글 {articles}건에서 변경 {changes}건을 확인했습니다.",
        "{changes} change{changes_s} in {articles} article{articles_s}.",
    ),
    "overview": ("한눈에 보기", "Overview"),
    "by-section": ("갈래와 출처별 변경 수", "Changes by section and source"),
    "section": ("갈래", "Section"),
    "source": ("출처", "Source"),
    "no-source": ("출처 없음", "no source"),
    "total": ("합계", "Total"),
    "site-changes": ("누리집 전체의 변화", "Changes of the whole site"),
    "campaigns": ("여러 글에서 같은 고침", "The same edit in several articles"),
    "filters": ("좁힌 조건", "Narrowed to"),
    "left-out": (
        "이 기간의 변경 {all}건 가운데 {told}건만 자세히 적었습니다. 나머지는 수에만 들어 있으며 다음 명령으로 봅니다:",
        "Of {all} changes in this period {told} are told in full. The others are counted; this command lists them:",
    ),
    "feed-left-out": (
        "가장 새로운 변경 {told}건(이 기간의 변경은 모두 {all}건).",
        "The newest {told} of {all} changes in this period.",
    ),
    "other-sources": ("그 밖의 출처", "other sources"),
    "pictures": ("그림으로 보기", "The period in pictures"),
    "numbers": ("기간을 수로 보기", "The period in numbers"),
    "pictures-rest": (
        "바뀐 시각이 아니라 바뀐 것을 처음 본 시각으로 셉니다. 실제 변경은 그보다 앞섭니다.",
        "Counted by the first sight of a change, not by its making, which was earlier.",
    ),
    "hours": ("발행 뒤 24시간 안에 바뀐 글", "Changed within 24 hours of publication"),
    "hours-axis": ("발행 뒤 지난 시간", "Hours since publication"),
    "hours-without": (
        "게재 시각이 적혀 있지 않아 세지 못한 변경 {n}건.",
        "Changes of articles that print no time of day: {n}.",
    ),
    "days": ("발행한 날부터 바뀌기까지", "Days from publication to change"),
    "days-axis": ("발행 뒤 지난 날", "Days since publication"),
    "days-without": ("게재일을 알 수 없어 세지 못한 변경 {n}건.", "Changes of articles without a known date: {n}."),
    "sources": ("출처별 변경", "Changes by source"),
    "sources-axis": ("출처", "Source"),
    "stood": ("바뀌기 전 내용이 적어도 걸려 있던 동안", "How long the old text stood at least"),
    "stood-axis": ("처음 본 때부터 마지막으로 본 때까지", "From its first sight to its last"),
    "stood-without": ("판이 없어 세지 못한 변경 {n}건.", "Changes without an old version: {n}."),
    "drawn": ("{total}건 가운데 가장 많은 것은 {name}, {n}건.", "Of {total}, the most are {name}: {n}."),
    "as-table": ("숫자로 보기", "As a table"),
    "no-count": ("셀 것이 없습니다.", "Nothing to count."),
    "findings": ("본문과 첨부파일이 다른 글", "Text and attached file disagree"),
    "findings-mean": (
        "바뀐 것이 아니라, 지금 판의 본문과 파일이 서로 다르게 말하는 곳입니다.",
        "These are no changes: the newest version's text and its file say different things.",
    ),
    "finding-figure": (
        "본문에는 {body}, 첨부파일에는 {file}: “{passage}” (첨부파일: {files})",
        "The text has {body}, the file {file}: “{passage}” (file: {files})",
    ),
    "finding-missing-in-file": (
        "첨부파일에 본문의 {share}가 없음, 그 처음: “{passage}” (첨부파일: {files})",
        "The file lacks {share} of the text, which begins: “{passage}” (file: {files})",
    ),
    "finding-missing-in-body": (
        "본문에 첨부파일의 {share}가 없음, 그 처음: “{passage}” (첨부파일: {files})",
        "The text lacks {share} of the file, which begins: “{passage}” (file: {files})",
    ),
    "glossary": ("‘바뀐 것’의 뜻", "What the labels mean"),
    "more-changes": ("이 글의 다른 변경 {n}건", "Other changes of this article: {n}"),
    "contents": ("내용·표현이 바뀐 글", "Articles changed in substance or wording"),
    "changes": ("변경", "Changes"),
    "cosmetic-fold": ("형식만 바뀐 글 {n}건", "Cosmetic changes: {n}"),
    "kind": ("구분", "Kind"),
    "weight": ("비중", "Weight"),
    "labels": ("바뀐 것", "What changed"),
    "notice": ("알림", "Notice"),
    "versions": ("판", "Versions"),
    "gone-version": ("없음", "none"),
    "facts": ("바뀐 값", "Values replaced"),
    "fact": ("항목", "Item"),
    "picture-old": ("이전 사진", "The picture before"),
    "picture-version": ("사진", "The picture"),
    "picture-new": ("이후 사진", "The picture after"),
    "picture-unread": ("온전히 받지 못함", "never received whole"),
    "picture-lost": ("보관된 파일에서 읽을 수 없음", "cannot be read from the archive"),
    "picture-large": ("커서 여기에 싣지 않음", "too large to be shown here"),
    "old": ("이전", "Before"),
    "new": ("이후", "After"),
    "difference": ("차이", "Difference"),
    "none": ("없음", "none"),
    "diff": ("바뀐 곳", "What was changed"),
    "insert": ("추가", "added"),
    "delete": ("삭제", "deleted"),
    "replace": ("수정", "edited"),
    "move": ("이동", "moved"),
    "recast": (
        "글은 그대로, 문단의 종류(소제목·목록 등)만 바뀜",
        "the same words as another kind of paragraph, such as a heading or a list item",
    ),
    "side-by-side": ("이전과 이후 나란히 보기", "Before and after, side by side"),
    "nothing-there": ("(해당 없음)", "(nothing)"),
    "no-diff": (
        "내용을 견줄 두 판이 없어, 글이 있었는지만 기록했습니다.",
        "There are no two versions to compare; only the article's presence is recorded.",
    ),
    "part-address": ("주소", "address"),
    "part-words": ("링크가 걸린 말", "linked words"),
    "part-alt": ("대체 글", "alternative text"),
    "part-content": ("내용", "content"),
    "part-file-id": ("파일 번호", "file number"),
    "document": ("{name}의 내용", "In {name}"),
    "document-same": ("파일은 바뀌었으나 내용은 같습니다.", "The file is another; it says the same."),
    "no-difference": ("글의 내용은 이전과 같습니다.", "What the article says is as it was."),
    "interval": (
        "이전 내용은 {old}에 마지막으로, 바뀐 내용은 {new}에 처음 확인(간격 {span}).",
        "The old text was last seen {old}, the new text first seen {new} ({span} apart).",
    ),
    "interval-removed": (
        "글이 있는 것은 {old}에 마지막으로, 없는 것은 {new}에 처음 확인(간격 {span}).",
        "The article was last seen {old} and first missing {new} ({span} apart).",
    ),
    "interval-restored": (
        "글이 없는 것은 {old}에 마지막으로, 다시 있는 것은 {new}에 처음 확인(간격 {span}).",
        "The article was last missing {old} and first seen again {new} ({span} apart).",
    ),
    "checks": ("그 사이 확인하지 못한 조회 {n}회.", "Looks in between that could not tell: {n}."),
    "no-checks": ("그 사이 확인하지 못한 조회는 없음.", "No look in between failed to tell."),
    "evidence": ("증거와 확인 명령", "Evidence, and commands to look at it"),
    "evidence-old": ("이전 상태의 증거", "Evidence of the old state"),
    "evidence-new": ("이후 상태의 증거", "Evidence of the new state"),
    "warc": ("WARC 파일", "WARC file"),
    "offset": ("위치", "Offset"),
    "length": ("길이", "Length"),
    "bytes": ("{n}바이트", "{n} bytes"),
    "record": ("레코드", "Record"),
    "payload": ("페이로드 다이제스트", "Payload digest"),
    "captured": ("수집 시각", "Captured"),
    "limits": ("이 보고서가 알 수 없는 것", "What this report cannot know"),
    "limit-between": (
        "두 조회 사이에 바뀌었다가 되돌아온 변경은 보이지 않습니다.",
        "A change that was made and undone between two looks is not seen.",
    ),
    "limit-when": (
        "변경한 시각은 알 수 없습니다. 이전 내용을 마지막으로 본 때와 바뀐 내용을 처음 본 때만 압니다.",
        "When a change was made is unknown; known are the last sight of the old and the first of the new.",
    ),
    "limit-why": (
        "누가 왜 고쳤는지는 알 수 없습니다. 고침이 잘못을 뜻하지도 않습니다.",
        "Who changed it, and why, is unknown; a change is no proof of wrongdoing.",
    ),
    "notes": ("덧붙임", "Notes"),
    "archive": ("이 보고서의 바탕", "What this report rests on"),
    "count-captures": ("수집", "Captures"),
    "count-articles": ("글", "Articles"),
    "count-versions": ("판", "Versions"),
    "count-changes": ("변경", "Changes"),
    "count-attachments": ("첨부파일", "Attachments"),
    "digest": ("내용 다이제스트", "Content digest"),
    "software": ("프로그램", "Software"),
    "feed-title": ("{host}: 발행한 뒤 바뀐 글", "{host}: changed after publication"),
}


def say(words: Words, key: str) -> str:
    """Give the sentence ``key`` in the report's language, its placeholders unfilled."""
    return words.pick(SENTENCES[key])
