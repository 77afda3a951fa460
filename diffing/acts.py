"""What is done, and why: verbs of which one says something else than the other, and causes of what is called off.

Few verbs are opposites, and most that stand for one another are synonyms. Those listed here have a meaning of their
own; a verb with several stands with each. Two that stand together nowhere are two acts: 지원한다 and 판매한다.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from diffing.endings import composed_stem, is_particle, noun, tense, without_l

_ACTS = (
    "판매 팔 매각 처분 시판 분양 출시",
    "지원 돕 도우 도와 제공 공급 보급 지급 주 보조 후원 뒷받침 배포 나눠주 나누 전달 기부 기증 배분 교부 돌보 보태",
    "임대 대여 빌려주 대부 융자 대출 지원 공급 제공",
    "구매 구입 사들이 사들 매입 사 매수 조달 도입 확보 마련 장만 수입 들여오",
    "임차 빌리 빌려쓰",
    "보수 수리 고치 정비 손보 개선 보강 복구 손질 개량 개보수 수선 관리 단장 재정비 보완 복원 교체",
    "철거 헐 허물 해체 없애 제거 치우 뜯 폐쇄 정비",
    "건립 건설 짓 지 지어 신축 세우 설립 조성 설치 만들 마련 신설 개설 구축 갖추 증축 착공 준공 개관 재건축",
    "제작 제조 생산 만들 개발 육성 연구 양산 출시 발간 펴내 마련",
    "폐기 버리 소각 처분 없애 매립 처리",
    "조사 점검 살피 살펴 살펴보 확인 검사 들여다보 진단 파악 둘러보 심사 평가 검토 분석 측정 감시 관찰 연구 수사 관리"
    " 보 감독 단속",
    "단속 적발 잡 붙잡 검거 체포 점검 제재 처벌",
    "처벌 제재 징계 엄벌 처분 문책 조치 고발",
    "고발 고소 신고 수사의뢰",
    "교육 가르치 훈련 양성 육성 강의 연수 기르 길러내 키우 배우 교습 지도",
    "홍보 알리 안내 발표 공개 공지 공고 게시 소개 설명 전하 밝히 말하 강조 당부 통보 통지 알려주 보고 공표 고시 전달"
    " 브리핑 발간 배포 보도 전파",
    "은폐 숨기 감추",
    "이전 옮기 이사 이송 운반 나르 수송 운송 이동 이관 후송",
    "수거 거두 모으 수집 회수 걷 거둬들이 모금 처리",
    "채용 뽑 선발 모집 고용 충원 선정 고르 선출 발탁 임용 임명 위촉 지명",
    "해고 내보내 감원 해임 해촉 면직 퇴출",
    "재배 기르 심 가꾸 식재 생산 키우",
    "수확 거두 거둬들이 캐 추수 생산",
    "방문 찾 찾아가 들르 가 둘러보 시찰 점검",
    "개최 열 마련 진행 주최 치르 거행 주관 선보이",
    "참석 참가 참여 함께하 동참 방문",
    "관람 구경 참관 감상 보 둘러보",
    "면제 깎 감면 할인 감액 경감 덜 인하 지원",
    "부과 물리 매기 징수 걷 거두 과세 받",
    "보관 저장 비축 쌓 간직 관리 보존 확보",
    "방류 내보내 배출 흘려보내 방출 처리",
    "신청 제출 내 청구 요청 요구 건의 의뢰 접수 제안 당부",
    "접수 받 수령 얻 취득 모집",
    "통제 차단 막 봉쇄 제한 규제 억제 예방 방지 폐쇄 금지",
    "진료 치료 돌보 간호 처치 보살피 요양 지원",
    "상영 방영 방송 중계 내보내 공개",
    "전시 선보이 보여주 진열 공개",
    "공연 연주 노래 선보이",
    "반납 돌려주 반환 환급 환불 되돌려주 상환 갚 지급",
    "보상 배상 변상 물어주 지급 지원",
    "추모 애도 기리 추도 기념",
    "축하 경축 기념",
    "규탄 비판 비난 항의 반박 지적",
    "환영 반기 맞이",
    "통합 합병 합치 묶 결합 연계",
    "분리 쪼개 분할 떼 나누",
    "청소 닦 치우 세척 소독 방역 정비",
    "촬영 찍 녹화",
    "위탁 맡기 위임 의뢰",
    "압수 몰수 빼앗 회수 환수",
    "구조 구하 구출",
    "포획 잡 붙잡 사살 퇴치",
    "기각 각하 반려 거부 거절",
    "납부 내 완납 부담",
    "체납 연체 밀리",
    "벌채 벌목 베 자르",
    "되찾 회수 환수 찾",
    "도난 빼앗기 잃",
    "증액 인상 올리 늘리",
    "격리",
    "가동 돌리 운영 운전 켜",
    "포장",
    "수출 내보내 판매",
)
_VERBS = [{form for verb in verbs.split() for form in (verb, without_l(verb))} for verbs in _ACTS]
_MEANINGS = {
    verb: frozenset(number for number, verbs in enumerate(_VERBS) if verb in verbs)
    for verb in frozenset().union(*_VERBS)
}
_DONE = re.compile("(?:하|한|할|합|함|했|해|되|된|될|됐|됨|돼)[가-힣]*")
"""What a noun bears that is a verb: ``했다``, ``하기로``, ``된``."""
_LINKED = re.compile("[가-힣]+(?:고|며|면서|기로|도록)")
"""``짓고``, ``짓기로``: a verb that goes on."""
_NOUN = 2
"""Syllables from which a word of the list is a noun that may end a headline."""
_TAKEN_UP = frozenset("나서 착수 시작 추진 돌입 완료 본격 박차 마치".split())
"""What may stand behind it there: ``노후 주택 철거 나서``"""

_OFF = frozenset("취소 연기 지연 중단 중지 무산 통제 결항 폐쇄 휴관 휴장".split())
"""What needs a cause: ``우천으로 취소됐다``; ``다음 달로 연기됐다`` gives none."""
_CAUSE = re.compile(
    r"(?P<cause>[가-힣]+(?:\s[가-힣]+)?[가-힣])(?<![적따시달주해뒤후초말순월년기])(?:으?로|\s?때문에|(?:으?로)?\s?인해)"
)
_BLAMED = re.compile(r"(?:[가-힣]+(?:의|인|된|큰)\s){0,3}(?:때문|탓|원인|기인|소행|잘못|귀책)|인[한해하]")
"""What stands behind a cause: ``때문에`` of ``정비 불량 때문에``, ``사고의 주된 원인이다``, ``인한``."""
_CAME = re.compile("일어[났난]|발생[했한]|생[겼긴]|빚어|벌어[졌진]|비롯")
_BY = re.compile("[가-힣]로$")
"""``부주의로 일어났다``"""
_BLAMING = re.compile("(?:원인|책임|잘못)[은는]")
"""What stands before it: ``사고의 원인은 정비 불량이다``."""
_OF = re.compile("(?:[이가의]|에게)$")
_BORNE = re.compile(
    r"(?:(?![가-힣]*[이가은는]\s)[가-힣]+\s){0,3}"
    r"(?:(?:부담|배상|변상)[하한할해했합]|책임(?:을\s)?[지진질져]|메[우운울웠꾼]|떠맡|떠안|물어\s?[주줘내야준줄])"
)
"""What stands behind who answers for something: ``전부 부담한다`` of ``시공사가 전부 부담한다``."""
_DOER = re.compile("(?P<who>[가-힣]{2,}?)(?:측)?(?:[이가은는에]|에서|에게)")
_FAULT = re.compile(
    "부주의|과실|실수|불량|결함|부실|소홀|오류|착오|미숙|위반|고의|노후|고장|오작동|한계|악화|파손|과속|음주|방치|태만|은폐"
    "|미비|미흡|잘못|누락|지연|요구|무리|[가-힣]난(?:[이을은으]|$)"
)
"""What is found fault with: two causes without any may be one in other words, ``날씨`` and ``기상``."""
_ALIKE = tuple(
    map(
        frozenset,
        map(
            str.split,
            (
                "국가 정부 당국 나라",
                "국민 국민들 시민 시민들 주민 주민들 납세자",
                "고객 소비자 이용자 사용자 가입자 구매자 손님",
                "업체 사업자 회사 기업 사업주 업주 사측 법인",
                "학부모 보호자 부모 가정 가구",
                "청년 젊은이 청년층",
                "근로자 노동자 직원 종사자 작업자",
                "기관 관서 부처 관청",
                "담당자 실무자 담당관",
                "본인 자신 스스로",
                "저희 우리 당사 본사 자사",
            ),
        ),
    )
)
"""Who may be one in other words where it is told who pays."""
_OWNED = re.compile("(?:[가-힣]+ ){0,2}(?:소홀|부주의|과실|실수|착오|오류|부실|미숙|잘못|태만|은폐|책임|위반)")
"""What stands behind whose fault it was: the 관리 소홀 of ``위탁 업체의 관리 소홀로``."""
_FEW = 3
"""Words of a cause beyond which it is told at length."""
_WET = frozenset("우천 비 강우 폭우 호우 악천후 날씨 기상악화".split())
"""Causes that say alike."""


def other_act(old: Sequence[str], new: Sequence[str], after: str) -> bool:
    """Tell whether one verb (NFC) says that something else was done than the other: 보수한다 and 철거한다.

    ``after`` is the word behind both; where there is none, or what takes up a deed, a noun may say what is done.
    """
    if len(old) != 1 or len(new) != 1:
        return False
    ends = not after or composed_stem(after) in _TAKEN_UP
    ours, theirs = (_meanings(side[0], ends=ends) for side in (old, new))
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _meanings(word: str, *, ends: bool) -> frozenset[int]:
    verb = composed_stem(word)
    found = _MEANINGS.get(verb, frozenset[int]())
    if len(verb) < _NOUN:
        return found if tense(word) or _LINKED.fullmatch(word) else frozenset()
    rest = word.removeprefix(verb)
    does = bool(_DONE.fullmatch(rest)) or tense(word) is not None or bool(_LINKED.fullmatch(word))
    return found if does or (ends and not rest) else frozenset()


def other_cause(old: Sequence[str], new: Sequence[str], after: str) -> bool:
    """Tell whether what is called off behind both (``after``) has another cause: ``우천으로`` and ``안전 문제로``."""
    if noun(after) not in _OFF and composed_stem(after) not in _OFF:
        return False
    causes = [hit["cause"] for side in (old, new) if (hit := _CAUSE.fullmatch(" ".join(side)))]
    if len(causes) < 2:
        return False
    one, other = ({word[0] for word in cause.split()} for cause in causes)
    return one.isdisjoint(other) and not all(cause.replace(" ", "") in _WET for cause in causes)


def other_to_blame(old: Sequence[str], new: Sequence[str], before: str, behind: Sequence[str]) -> bool:
    """Tell whether another cause is blamed or somebody else bears it.

    ``before`` is the word before both; ``behind`` are those behind, ``사고의`` and ``원인이다``.
    """
    if not 0 < min(len(old), len(new)) <= max(len(old), len(new)) <= _FEW:
        return False
    follows = " ".join(behind)
    doers = [hit["who"] for side in (old, new) if (hit := next(filter(None, map(_DOER.fullmatch, side[::-1])), None))]
    if len(doers) > 1 and _BORNE.match(follows):
        return _are_two(*doers)
    owners = [side[-1][:-1] for side in (old, new) if side[-1].endswith("의")]
    if len(owners) > 1 and _OWNED.match(follows):
        return _are_two(*owners)
    # of 감독 소홀 and 감독 부실 the cause is one
    begins = not before or is_particle(before) or noun(before) != before
    came = _CAME.match(follows) and all(_BY.search(side[-1]) for side in (old, new))
    if _BLAMING.fullmatch(before) and len(doers) > 1:
        return _are_two(*doers)
    if not ((begins and (_BLAMED.match(follows) or came)) or _BLAMING.fullmatch(before)):
        return False
    faults = any(_FAULT.search(" ".join(side)) for side in (old, new))
    return faults and _are_apart(*([_OF.sub("", noun(word)) for word in side] for side in (old, new)))


def _are_two(old: str, new: str) -> bool:
    """Tell whether two words for who bears something name two."""
    return _are_apart([old], [new]) and not any(alike.issuperset((old, new)) for alike in _ALIKE)


def _are_apart(old: Sequence[str], new: Sequence[str]) -> bool:
    """Tell whether no word of one side begins like one of the other or has two syllables that stand there."""
    ours, theirs = (
        {word[:1] for word in side} | {a + b for word in side for a, b in pairwise(word)} for side in (old, new)
    )
    return ours.isdisjoint(theirs)
