"""What a publisher says that it did to a text: verbs of mending, in every form that states a deed.

Forms that ask for it, allow, order or plan it (고치면, 고치도록, 고칠 예정) state none. A deed that is done to
texts alone weighs more than one that is done to anything, and what is admitted is as good as what was done.
"""

from __future__ import annotations

import re
import unicodedata

from diffing.endings import letters

DONE = (
    r"(?:합니다|(?:하였|했)(?:습니다|음|으니|으며|기에|사오니)|하(?:오니|고자\s?합|며\b)|함|하였사오니|드립니다"
    r"|(?:되었|됐)(?:습니다|음|으니|으며|기에)|됨(?!에)|하여\s?드립니다)(?![가-힣]{2})"
)
"""How a publisher says that it did something: 했습니다, 하오니, 됨; not 하면, 하도록, 할 수 있다."""
_END = r"(?:\s?(?:완료|안내|알림|공지|사항))?(?=\W*$|\s?[:：(（\[\t/,\])】>–—]|\s(?:\d|사유|→|-\s))"
"""Where a deed is named and not told: ``수치 정정``, ``표 1 교체(10.8.)``."""
_TELLS = (
    r"[^.\n]{0,30}(?:알려|알립|안내|게시|게재|배포|올립|올렸|올림|올려|싣|실었|실음|적었|적습|바꿨|바꾸었"
    r"|죄송|사과|양해)[^.\n]{0,12}(?:니다|[오으]니|음|함|됨|림)"
)
_AGAIN = (
    r"(?:재배포|재게시|재송부|재등록|재업로드|재게재|재기재|재표기|재작성|(?:수정|정정)\s?(?:배포|게시|게재)|(?:다시"
    r"|새로)\s(?:배포|게시|게재|송부|공지|등록))"
)

_DEEDS = {
    3: re.compile(
        rf"(?:재배포|재게시|재송부|재게재|(?:수정|정정)\s?(?:배포|게시|게재)){DONE}"
        r"|(?:고쳐|바꿔|바꾸어|바로\s?잡아|(?:수정|정정)(?:하여|해))\s(?:다시\s)?(?:싣|실었|올립|올렸|올림|게시합"
        r"|게재합|게시했|게재했|게시하였|게재하였)"
    ),
    2: re.compile(
        r"바로\s?잡(?:습니다|사오니|사옵니다|았사오니|았습니다|았음|음(?!니)|고자\s?합|았으[니며])"
        rf"|(?:정정|{_AGAIN})(?:{DONE}|{_END})"
        rf"|(?:바로\s?잡아|고쳐|(?:수정|정정|교체|변경|보완|추가|보충|반영|대체|갱신)(?:하여|해|되어|돼|한\s뒤"
        rf"|한\s후)|바꿔|바꾸어|바꾸어서){_TELLS}"
        r"|다시\s(?:올립니다|올렸습니다|올림|싣습니다|실었습니다|실음|보냅니다|보내\s?드립니다|냅니다)"
        r"|(?:수정|정정)\s?(?:자료|본|판|파일)(?:으?로\s(?:대체|교체)|을?를?\s?(?:다시\s)?(?:재?배포|재?게시|게재"
        r"|올립|올렸|첨부|송부|보내|보냅))(?!하?라)"
        r"|(?:수정|정정)\s?[본판](?:입니다|임|이니|이므로)"
        r"|(?:재배포|재게시|(?:수정|정정)\s?(?:배포|게시)?)(?:된|한)\s(?:자료|기사|파일|것|글)(?:입니다|임|이니"
        r"|이므로)"
    ),
    1: re.compile(
        rf"(?:수정|표기|(?:가림|비식별|익명|모자이크)\s?처리)(?:{DONE}|{_END})"
        r"|(?:바로\s?잡|고치|(?:정정|수정)하)고[^.\n]{0,20}(?:사과|알려|안내|양해)[^.\n]{0,10}니다"
        # what is admitted is as good as what was done
        r"|(?:틀렸|잘못되었|잘못됐|누락되었|누락됐|빠졌|달랐|(?:오류|오기|착오|잘못|누락|실수|빠져|바뀌어"
        r"|밀려)[가이]?\s있었)(?:습니다|음)"
        r"|(?:오기|오류|오타|착오|잘못|오자|탈자)(?:입니다|임(?![가-힣])|였습니다|이었습니다|이므로|이며|이고|여서"
        r"|이어서|로,)"
        r"|잘못\s?(?:쓴|적은|표기한|기재한|나간|실린)\s것(?:입니다|임|이므로|이어서|으로|이며|이오니)"
        r"|(?:올바른|맞는|정확한)\s[가-힣]{1,6}(?:입니다|임(?![가-힣]))|(?:맞습니다|옳습니다|바릅니다|맞음)"
    ),
    0: re.compile(
        r"(?:바로\s?잡|정정한|정정했|수정한|수정했|재배포한|고쳤|고친|바꿨)(?:는다|았다|다)|(?:죄송합니다"
        r"|사과드립니다|사과합니다)"
    ),
}
"""What is done, or admitted, by how much it says that a text was corrected."""

_WORLDLY = re.compile(
    rf"(?:교체|대체|보완|보강|손질|갱신|업데이트|변경|추가|삭제|보충|통일|제외|반영|최신화|현행화)(?:{DONE}|{_END}|[한된]\s것(?:입니다|임|이므로|이오니))"
)
"""Deeds that are done to anything: fares are changed from 1,000 to 500 won, in what a text tells."""


_FINALS = str.maketrans({"ㄴ": "ᆫ", "ㅂ": "ᆸ", "ㅁ": "ᆷ", "ㅆ": "ᆻ"})
_PAST = r"(?:었|았|ㅆ)(?:습니다|으니|으며|으므로|기에|사오니|음(?=(?:을)? |\W|$)|던 것을)(?![ᆨ-ᇂ])"
_STATED = (
    rf"(?:{_PAST}|습니다|ㅂ니다|오니 |고자 합|(?:음|ㅁ)(?=(?:을)? |\W|$)"
    r"|(?:은|ㄴ) (?:것|점)(?:입니다|임|이므로|이오니))"
)
"""``고쳤습니다``, ``고칩니다``, ``고침을``, ``고친 것입니다``, behind the stem."""
_SET_DOWN = (
    r"(?:적|쓰|써|싣|실|그리|올리|알리|알려|(?:계산|산출|집계|표시|표기|안내|기재|입력|작성|첨부)(?:하|하이|되))"
)
"""What is done to a text that it may say something: ``적었습니다``, ``표기했습니다`` with their past written out."""
_AFTER = r"(?:어|아|여)? ?(?:놓|두|드리|지|주)?"


def _spelled(pattern: str) -> re.Pattern[str]:
    return re.compile(unicodedata.normalize("NFD", pattern.translate(_FINALS)))


_NATIVE = {
    2: _spelled(rf"바로 ?잡{_AFTER}{_STATED}|고치어 ?{_SET_DOWN}{_AFTER}{_STATED}"),
    1: _spelled(
        # 고쳐졌습니다, 고쳐 놓았습니다, 손보았습니다
        rf"(?<!\w)(?:고치|고쳐|손보|손질하|손질하이){_AFTER}{_STATED}"
        # 새로 적었습니다, 바로 표기했습니다, 줄여 적었습니다, 바꾸어 썼습니다
        r"|(?<!\w)(?:다시|새로|바르게|바로|올바르게|올바로|제대로|줄여|늘리어|나누어|밝히어|바꾸어|바꿔) "
        rf"{_SET_DOWN}{_AFTER}{_STATED}"
        # 잘못 나갔습니다, 반대로 표시되었던 것을, 뒤바뀌어 있었습니다
        rf"|(?:잘못|틀리게|거꾸로|반대로|다르게) ?\w{{1,30}}?(?:어|아|여)?(?: ?있)?{_PAST}"
        rf"|(?:빠지어|빠져|바뀌어|뒤바뀌어|겹치어|어긋나) ?있{_PAST}"
        # 320억 원으로 적혀 있었으나, ‘10개 기업’이라고 전해드렸으나
        rf"|(?:로|라|라고|다고) (?:적|적히어 ?있|쓰이어 ?있|쓰여 ?있|써|실|실리|나가|하이|{_SET_DOWN}"
        r"|(?:알리어|전해|전하여|안내해|보내|보내어) ?드리|(?:전|소개|게시|배포|게재|설명)하이)"
        r"(?:었|았|ㅆ)(?:으나|지만|는데)"
        # 12.4%가 옳으므로, ‘증가’가 바른 표현입니다, 차관이 아니라 장관임을 알려드립니다
        rf"|(?:이|가|는|은) (?:옳|맞|바르)(?:습니다|으므로|음|으니|으며|ㅂ니다)"
        rf"|(?:바른|옳은|맞는|올바른|정확한) \w{{1,30}}(?:입니다|(?:임|임을)(?=\W))"
        rf"|아니라 [^.]{{1,80}}(?:임을 (?:알리|알려|밝히|밝혀)|이므로)|로 읽어 ?(?:주|보)"
        # 최초 안내와 다릅니다, 이전 게시본과 달라졌습니다
        r"|(?:처음|최초|당초|기존|이전|종전|앞서|지난|지난번) ?\w{0,30}(?: \w{1,30})?(?:와|과)(?: \w{1,30}){0,3} "
        rf"(?:다르|다릅|달라지)(?:ㅂ니다|니다|{_PAST}|므로|니 )"
        # 다시 내려받아 주십시오
        rf"|다시 (?:내려 ?)?받(?:아 ?(?:주|보|쓰)|으시)"
    ),
}
_NATIVE_WORLDLY = _spelled(
    rf"(?<!\w)(?:(?:바꾸|바뀌|덧붙이|보태|갈음하|갈음하이){_AFTER}{_STATED}"
    rf"|(?:빼|빠이|지우|넣|더하이|가리|내리|걷어 ?나이|덜어 ?나이|다듬|채우|맞추|옮기|줄이|매만지|되돌리){_PAST})"
)
"""The same in verbs that are no nouns with 하다; what is contracted is written out."""


def told(sentence: str) -> tuple[int | None, bool]:
    """Give how much a sentence says that a text was mended, and whether anything was done that is done to anything.

    Of a sentence that tells of no mending the first is None: nought is a deed that needs more beside it than others.
    """
    spelled = " ".join(map(letters, sentence.split()))
    found = [weight for weight, deed in _DEEDS.items() if deed.search(sentence)]
    found += [weight for weight, deed in _NATIVE.items() if deed.search(spelled)]
    return max(found, default=None), any((_WORLDLY.search(sentence), _NATIVE_WORLDLY.search(spelled)))
