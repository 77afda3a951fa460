"""The grammar of a correction: what a sentence says was done, to what of the release, when, why, from what to what.

No phrase is known as a whole. Every part that a notice can have weighs something, a sentence without a deed or its
heading is none, and one that names enough beside the deed is a notice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from diffing.deeds import DONE, told

ENOUGH = 4
"""What the parts of a notice weigh at least: a deed of correction and two more, or one that points at the release."""
SOME = 2
"""What the parts weigh of a sentence that is like a notice: somebody is to read it."""

_TEXT = (
    r"(?:보도\s?자료|참고\s?자료|설명\s?자료|자료|기사|글|게시물|게시글|본문|공지|안내문|카드\s?뉴스|영상"
    r"|게시[분본]|배포[분본]|[초재]?판(?=[의에은]|에서)|사진|설명(?!회)|도표|그래프|명단|표(?=[의에는\s]))"
)
_PUT_UP = (
    r"(?:(?:배포|게시|게재|보도|안내|공지|송고|출고|공개|발표|등록|작성|표기|기재|전송)(?:한|된|했던|됐던|하였던"
    r"|되었던)?"
    r"|올린|올라온|올라간|실은|실린|내보낸|나간|보낸|전한|알린|적은|쓴|(?:알려|배포해|보내|안내해)\s?드린)"
)
_NTH = r"(?:\d{1,3}|[첫두세네]|다섯|여섯|첫째|둘째|셋째|넷째|다섯째|여섯째|마지막|맨\s(?:위|아래|끝))"

_PART = re.compile(
    r"수치|통계|숫자|금액|날짜|연도|일자|일시|명칭|문구|이름|성명|성함|인용|단위|소속|직함|직책|직위|연락처|(?:전화"
    r"|접수)?번호|문의처|주소|합계|내용|명단|표기|용어|제목|사진|그래프|도표|그림|파일|자료|표(?=[의에는가를\s])"
    r"|[가-힣]\s?(?:비|율|수|액|량|률|일|명|단가|요금|상금|지원금)(?=[을를은는이가의와과\s]|$)|장소|시각|대상|요일"
    r"|기간|시간|출처|링크|경로|집계|환율|제원|직급|로고|주석"
)
"""What of a release is mended; a title that is marked speaks of these too."""

_FROM_TO = re.compile(
    r"→|->|⇒|아니라|아닌\s|(?:을|를|에서|[’'”\"」]은|[’'”\"」]는)\s?[^\n]{1,40}로\s?(?=바로|정정|수정|변경"
    r"|바[뀌꾸꿔꿨꿈꿉]|고[치쳐쳤침칩]|교체|대체|표기|통일|\W*$)"
    r"|[(\[]오[)\]].{1,60}[(\[]정[)\]]|(?:수정|정정)\s?전.{1,60}(?:수정|정정)\s?후|[을를]\s[^.\n]{1,30}(?:잘못"
    r"|로\s(?:표기|안내|기재|적|썼|알려|알렸|실|나갔|나가))|[’'”\"」]의\s(?:오기|잘못|오타|오류|착오)"
)
"""From what to what."""
_FROM_FIGURE = re.compile(r"[\d원명%’'”\")]\s?(?:→|->|⇒)\s?[‘'“\"\d(]")

_PLACES = (
    # this release, or what it was before
    (3, re.compile(
        rf"(?<![가-힣])(?:본|이|위|동|상기|해당|아래|기존|이전|당초|최초|종전|전일|앞서|앞선|지난"
        rf"|처음|첫|앞의)(?:\s번)?\s?(?:에\s)?(?:오전|오후)?(?:에\s)?(?:{_PUT_UP}\s)?{_TEXT}(?!집|에\s(?:나온|나오|언급))"
        rf"|(?:당초|최초|처음|앞서|앞선|종전|기존|애초|기)\s?(?:에|에는)?\s?{_PUT_UP}|(?:배포|게시|게재|송고|출고"
        rf"|보도)\s?(?:시점|이후|시(?=[\s,에])|후(?=[\s,에])|당시|직후)"
        rf"|(?:배포|게시|게재|송고|출고)(?:한|된|했던|됐던|하였던|되었던)\s(?:[가-힣]+\s)?{_TEXT}|기\s?(?:배포|게시"
        rf"|게재|안내)된?"
        rf"|(?:\d일자?|어제|오늘|전날|전일|오전|오후)(?:에)?\s(?:{_PUT_UP}\s)?{_TEXT}"
        rf"|(?:앞서|어제|지난\s?호|전호|처음|당초|최초)(?:에)?\s{_PUT_UP}|(?:원문|당초|수정\s?전|정정\s?전)\s자료"
    )),
    # a place in it
    (2, re.compile(
        rf"(?<![가-힣])(?:본문|기사(?!에\s(?:나온|나오|언급))|보도\s?자료|참고\s?자료|배포\s?자료|편집자|부제|각주"
        rf"|캡션)|\d{{1,3}}\s?(?:쪽|페이지|면)(?=[\s,의에(]|$)|(?<!\w)p\.?\s?\d"
        rf"|{_NTH}\s?(?:번째|째)?\s?(?:문단|단락|문장|줄|행|단(?=[의에\s])|항목|표(?=[의에는\s])|사진|그래프|그림"
        rf"|칸|슬라이드|쪽|장(?=[의에\s]))|\d{{1,2}}번\s?(?:문답|문항|질의|질문|답변|항목)|<?(?<![가-힣])(?:표|그림"
        rf"|도표|붙임|별첨|첨부|참고|사진|그래프)\s?[<\[]?\d"
        r"|(?<![가-힣])(?:첨부|붙임|별첨)\s?(?:파일|문서|자료)|사진\s?(?:설명|속|캡션|아래)|(?:표|그래프|그림"
        r"|도표)(?:의|에서|\s[가-힣]{2,3}의?)\s(?:단위|합계|수치|숫자|제목|항목|세로축|가로축|범례|축|증감|색|값)"
        r"|(?:그래프|도표|지도|인포그래픽|그림|표|사진|영상|파일)[을를이가]?\s?(?:교체|대체|변경|수정)"
        r"|(?<![가-힣])(?:한|두|일부)\s(?:문장|문단|단락|대목|문구|내용|표현|수치|단어|오류)|(?:내용|자료|수치|통계"
        r"|기사|문구|표현|본문)(?:의|\s중|가|이|을|를)?\s(?:일부|내용)|(?:문장|문단|단락|문구|대목)[을를이가]?\s?(?:삭제|추가"
        r"|교체|수정|변경|보완|빼|뺐|고[치쳤침]|바[꾸꿨꿈])|제목(?:의|과|에서|을|이|\s중)\s"
        r"|^\W*위\s[가-힣]{1,8}(?:[을를은는의이]|\s중)\s|(?:해당|이|본)\s(?:문장|문단|단락|문구|대목|표현|수치)|(?:다음|아래|이)와\s?같이"
    )),
)  # fmt: skip
"""Where: this release, or what it was before, or a place in it."""

_NOTE = re.compile(
    r"^\W*[※*†\[<(【〈《「◆◈▣☞#]|비고\t|^\W*[가-힣 ]{0,8}(?:알려\s?드립니다|알립니다|알림|안내|공지|편집자\s?주)\W"
)
"""A mark of a note, or a heading of one."""

_SIGNS = (
    # that it was wrong, or wanting
    (2, re.compile(
        r"오류|부정확|오기(?!\s?(?:전|까지))|착오(?!\s?없)|오타|오탈자|오자|탈자|실수|누락(?!된)|잘못\s?(?:되[어었]|돼|됐"
        r"|표[기시]|기재|안내|게[재시]|알려[드졌지진]|적|입력|전달|기술|인용|계산|집계|쓰|쓴|나[가갔간]"
        r"|실[려렸린리]|들어|옮|소개|전해|나와|환산)"
        r"|사실과\s(?:다르|달[라랐]|다른)|실제와\s(?:다르|달[라랐]|다른)|틀(?:려|렸|리게)|잘못이|그릇되|서로\s바뀌"
        r"|뒤바뀌|빠져\s|빠졌|중복\s?(?:기재|표기|계산|집계)|불일치"
    )),
    # something wrong may be what the text is about
    (1, re.compile(r"틀린|빠진|누락된|잘못된|그릇된|밀려\s있")),
    # a text is what is 수정 in a note
    (1, re.compile(rf"^\W*[※*†(\[<].*수정(?:{DONE}|\W*$)")),
    # nothing is said but that it is mended: 이름을 바로잡습니다, ...(사업비 정정)
    (1, re.compile(
        r"^\W*(?:[가-힣]+의\s)?[가-힣]{2,6}[을를]\s(?:바로\s?잡|정정합|정정드)"
        r"|[(\[][^()\[\]\n]{2,20}정정[)\]]\W*$"
    )),
    # when
    (1, re.compile(
        r"[(\[<【]\s?(?:'?\d{2,4}[.\-/년]\s?)?\d{1,2}\s?[.\-/월]\s?[1-3]?\d(?!\d)"
        r"[^()\[\]가-힣]{0,12}(?:[일시분월화수목금토오전후현재기준.) ]{0,8}[)\]>】]|[일시분])"
        r"|(?:배포|게시|게재|출고|송고)\s?(?:이후|후|직후)|[(\[]\s?\d{1,2}\.\s?[1-3]?\d\.[^)\]\n]{0,12}[)\]]"
        r"|^\W*(?:\d{2,4}[.년]\s?)?\d{1,2}[.월]\s?\d{1,2}[.일](?!부터|까지)"
    )),
    (1, re.compile(r"\d[일.](?:\([월화수목금토일]\))?\s?(?:오전|오후)?\s?\d{1,2}(?:시|:\d\d)")),
    # why
    (1, re.compile(
        r"(?:부서|기관|부처|당사자|취재원|본인|측|소관과)의?\s(?:[가-힣]+\s)?요청|요청(?:으로|에\s따라|에\s의해|을\s(?:받|반영))|확정[치된]|(?:밝혀져|드러나|판명되어|알려져|확인(?:하고|하여|해))\s"
        r"|최종\s?(?:집계|확인)|확인(?:되어|돼|됨에|됐기에|\s?결과)|(?:수정|정정|변경|교체|재배포)\s?사유|보호를\s위해"
        r"|(?:저작권|초상권|개인정보)|갱신된|(?:더|보다)\s정확한|(?:오해|혼동)[를을]|변경에\s따라|변경됨에|바뀌어|바뀜에|변동으로|개편에\s따라"
    )),
    (2, re.compile(
        r"(?:독자|이용자|누리꾼|구독자)(?:의|들의|분의|님의)?\s?(?:지적|제보|문의|의견)|(?:편집|제작"
        r"|작성|입력|인쇄|취합)\s?(?:과정|상|중)(?:의|에서)?\s")),
    # what readers are asked for
    (1, re.compile(
        r"죄송|사과|양해|혼선|혼란을|불편을|참고하(?:시기|여\s주)|착오\s?없으시|이용에|내려받"
        r"|유의하여\s?주|널리")),
)  # fmt: skip

_HEAD = re.compile(
    r"^\W*(?:바로\s?잡(?:습니다|음)|정정(?:합니다|드립니다|문)|정오표|(?:수정|정정)\s?(?:안내|알림|공지|고지)"
    r"|정정\s?보도(?:문)?)(?:\W*$|\s?[\])>】〉》:：])"
    r"|^\W*(?:[^\t\n]{0,10}\t)*(?:(?:수정|정정)\s?전\t(?:수정|정정)\s?후|오\t정|(?:수정|정정)\s?(?:일|일자|일시"
    r"|날짜)\t(?:수정|정정)\s?(?:내용|사항|사유))(?:\t|$)"
    r"|^\W*(?:(?:게시글|게시물|글|자료|기사|문서|본문|내용)\s)?(?:재?수정|정정|정오|재배포|수정\s?배포|정정\s?배포)\s?(?:사항|내용|사유|이력|부분)\s?[:：\])\]】>\t]\s?\S"
    r"|[\[<(【〈]바로\s?잡(?:습니다|음)[\])>】〉]\W*$"
    r"|^\W*정정\s?[:：]\s.{4,}(?:입니다|임)\W*$|^\W*(?:수정|정정)\s?전\s?[:：)\]“‘\"'].*(?:수정|정정)\s?후"
    r"|[(\[](?:오|당초)[)\]]\s.{1,60}[(\[]정(?:정)?[)\]]\s"
    r"|^\W*(?:Correction|CORRECTION|Corrections|Clarification|CLARIFICATION|Erratum|ERRATUM|Errata"
    r"|Corrigendum)\b\s?[:：\-–—)\](]"
)
"""A heading that is a notice by itself."""
_MARKED = re.compile(r"^\W*(?:재?수정|정정)\s?[:：]\s?\S")
"""``※ 수정: 3쪽``: a mark that goes on to say what."""

_NOT_DONE = re.compile(
    r"(?:전망치?|목표|계획|예산|법안?|안건)\s?(?:수정|변경)(?![가-힣])|수정\s?(?:의결|가결|안(?=[을를은는이가의\s])"
    r"|예산|신고|전망|경제)"
    r"|(?:오류|착오|실수|누락|오기)[를을가이]?\s?(?:막|방지|줄[이일어여]|예방|없[애앨]|찾|검증|신고|걸러|차단)"
)
"""Plans and bills are changed, and errors prevented: no text is corrected."""
_EVERY = re.compile(r"매(?:년|월|주|일|분기)\s|정기적|주기적|수시로")
"""What is done again and again is no correction."""
_ACTOR = re.compile(
    r"^\W*(?:[가-힣A-Za-z]+\s){0,3}(?:[가-힣]{2,}부|[가-힣]{2,}(?<!연락)(?<!문의)처|[가-힣]{2,}청|[가-힣]*(?:위원회"
    r"|의회|국회|정부|법원|은행|공사|공단|연구진|연구원|협회"
    r"|대학|학교|기업|업체|단체|언론사|장관|차관|청장|대통령|총리|위원장|방위|인권위|공정위|금융위)|(?:서울|부산"
    r"|대구|인천|광주|대전|울산|세종)시|[가-힣]{2,}(?:군|구))(?:은|는|에서는)\s"
)
"""Somebody else who does it: 통계청은, 대법원은."""
_SPEECH = re.compile(r"[“\"][^“”\"\n]*[”\"]\s?(?:라|이라|고|며|하)")
"""What somebody said: its deeds are nobody's here."""

_ENGLISH_DEED = re.compile(
    r"\b(?:corrected|updated|amended|revised|misstated|misspelled|misidentified|incorrect(?:ly)?|erroneous(?:ly)?|mistakenly"
    r"|re-?issued|in error|by mistake|clarified|should (?:have )?(?:read|be|been)|regrets? the (?:error|mistake))\b",
    re.IGNORECASE,
)
_ENGLISH_WORLDLY = re.compile(r"\b(?:changed|added|replaced|removed)\b", re.IGNORECASE)
_ENGLISH_SIGNS = tuple(
    (weight, re.compile(sign, re.IGNORECASE))
    for weight, sign in (
        (2, r"\bthis (?:press |news )?(?:release|article|story|page|statement|document|post|report|caption)\b"),
        (2, r"\b(?:editor['’]?s?['’]? note|correction|erratum)\b"),
        (2, r"\b(?:paragraph|page \d|(?:table|chart|figure|graph) (?:\d|on|in)|caption|headline|attachment)\b"),
        (2, r"\b(?:misstated|(?:regrets?|apologi[sz]e for) the (?:error|mistake|confusion))\b"),
        (1, r"\b(?:earlier|previous|original|first|prior) versions?\b"),
        (1, r"\b(?:originally|previously|first) (?:published|posted|released|stated|reported|issued|said|read|gave)\b"),
        (1, r"^\W*[※*†\[<(【]|^\W*(?:note|notice|update)\b"),
        (1, r"\b(?:error|mistake|typo)\b"),
        (1, r"\bon (?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"),
        (1, r"\b(?:from .{1,40} to|instead of|rather than)\b|, not "),
    )
)


def is_heading(line: str) -> bool:
    """Tell whether a line begins as only a notice of correction does: ``<바로잡습니다>``, ``정정사항:``."""
    return _HEAD.search(_SPEECH.sub(" ", line)) is not None


def is_like_one(sentence: str, stamp: str = "") -> bool:
    """Tell whether a sentence, without its stamp, has some of what a notice of correction needs, if no deed."""
    said = _SPEECH.sub(" ", sentence)
    places, signs = (_weights(found, said) for found in (_PLACES, _SIGNS))
    return max(places, default=0) > SOME or sum(signs) > SOME or bool(places and signs) or _weight(said, stamp) >= SOME


def is_correction(sentence: str, stamp: str = "", names_edit: Callable[[], bool] = bool) -> bool:
    """Tell whether a sentence has what a notice of correction needs.

    Args:
        sentence: what was written, without its stamps.
        stamp: the stamp that it bore, as of ``[수정] 참가비가 ...``, if any.
        names_edit: tells whether the sentence names what went and what came in its place, which weighs two.
    """
    weight = _weight(_SPEECH.sub(" ", sentence), stamp)
    return weight >= ENOUGH or (weight >= ENOUGH - 2 and names_edit())


def admits(sentence: str) -> bool:
    """Tell whether a sentence says that in this release, or in what it was before, something was wrong or wanting."""
    return all(any(sign.search(sentence) for _, sign in signs) for signs in (_PLACES[:1], _SIGNS[:2]))


def _weights(signs: Iterable[tuple[int, re.Pattern[str]]], sentence: str) -> list[int]:
    """Give what each of some signs weighs that a sentence has."""
    return [weight for weight, sign in signs if sign.search(sentence)]


def _weight(sentence: str, stamp: str) -> int:
    if (strong := _ENGLISH_DEED.search(sentence)) or _ENGLISH_WORLDLY.search(sentence):
        return (2 if strong else 1) + sum(_weights(_ENGLISH_SIGNS, sentence))
    deed, on_anything = told(sentence)
    deeds, anything = [] if deed is None else [deed], [1] * on_anything
    marks = [1] * bool(stamp) + [2] * (_MARKED.match(sentence) is not None)
    if not deeds + anything + marks or _EVERY.search(sentence):
        return 0
    places = sum(_weights(_PLACES, sentence))
    signs = places + sum(_weights(_SIGNS, sentence))
    signs += 1 if _NOTE.search(sentence) else -(not deeds + marks + [1] * places)
    if deeds or anything:
        signs += bool(stamp) + (_PART.search(sentence) is not None)
    if places or deeds or marks:
        signs += _FROM_TO.search(sentence) is not None
    if stamp:
        signs += (re.search(r"\d", stamp) is not None) + (_FROM_FIGURE.search(sentence) is not None)
    against = 2 * sum(found.search(sentence) is not None for found in (_ACTOR, _NOT_DONE))
    return max(deeds + anything + marks) + signs - against
